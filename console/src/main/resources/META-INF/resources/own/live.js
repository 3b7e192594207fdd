// Has a dashboard fetch its figures again when the console says that they may have changed: while somebody looks at
// it, has touched it of late and has not paused it, or always on a wall. The figures come in the viewer's own name, by
// htmx.
(function () {
  'use strict';
  const LEFT_ALONE = 15 * 60 * 1000;
  const AGAIN = 60 * 1000;
  const SPREAD = 5 * 1000;
  const ANEW = 5 * 60 * 1000;
  const live = document.getElementById('live');
  const pause = document.getElementById('pause');
  const wall = live.hasAttribute('data-wall');
  let stream = null;
  let soon = null;
  let again = null;
  let isPaused = false;
  let touched = Date.now();

  const isResting = () => isPaused || document.hidden || (!wall && Date.now() - touched > LEFT_ALONE);
  const fetchFigures = () => document.body.dispatchEvent(new CustomEvent('moved'));

  // All who look are told in the same instant: they do not ask in the same.
  function fetchSoon() {
    if (soon === null) {
      soon = window.setTimeout(() => {
        soon = null;
        fetchFigures();
      }, Math.random() * SPREAD);
    }
  }

  function rest() {
    if (stream) {
      stream.close();
      stream = null;
    }
    window.clearTimeout(soon);
    soon = null;
    window.clearTimeout(again);
    live.classList.remove('on');
  }

  function follow() {
    if (stream || isResting()) {
      return;
    }
    stream = new EventSource('/dashboards/changes');
    stream.addEventListener('open', () => live.classList.add('on'));
    // A page that is left alone must not keep its session open.
    stream.addEventListener('changed', () => (isResting() ? rest() : fetchSoon()));
    stream.addEventListener('error', () => {
      live.classList.remove('on');
      if (stream && stream.readyState === EventSource.CLOSED) {
        // Refused: too many look, and this one asks by itself instead; or the session has ended, which htmx is told.
        rest();
        fetchSoon();
        again = window.setTimeout(follow, AGAIN * (1 + Math.random() / 2));
      }
    });
  }

  function catchUp() {
    fetchFigures();
    follow();
  }

  function touch() {
    const wasResting = isResting();
    touched = Date.now();
    if (wasResting && !isResting()) {
      catchUp();
    }
  }

  // Not onto an error page, which would stay there.
  function beginAnew() {
    window
      .fetch(window.location.href, { redirect: 'manual' })
      .then((answer) => {
        if (answer.ok || answer.type === 'opaqueredirect') {
          window.location.reload();
        }
      })
      .catch(() => {});
  }

  ['pointerdown', 'keydown', 'wheel'].forEach((kind) => document.addEventListener(kind, touch, { passive: true }));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      rest();
    } else if (!isResting()) {
      catchUp();
    }
  });
  if (pause) {
    pause.addEventListener('click', () => {
      isPaused = !isPaused;
      live.classList.toggle('paused', isPaused);
      if (isPaused) {
        rest();
      } else {
        catchUp();
      }
    });
  }
  if (wall) {
    window.setInterval(beginAnew, ANEW);
  }
  follow();
})();
