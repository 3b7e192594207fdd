// Light or dark as the system is, unless the page says what was chosen. In the head, before anything is painted.
(function () {
  'use strict';
  const root = document.documentElement;
  if (!root.hasAttribute('data-bs-theme')) {
    const dark = window.matchMedia('(prefers-color-scheme: dark)');
    const follow = () => root.setAttribute('data-bs-theme', dark.matches ? 'dark' : 'light');
    follow();
    dark.addEventListener('change', follow);
  }
  root.classList.add('scripted');
  // The session ended while the page was open: the whole page leads to the sign-in.
  document.addEventListener('htmx:responseError', (event) => {
    if (event.detail.xhr.status === 499) {
      window.location.reload();
    }
  });
})();
