// Has a dashboard fetch its figures again when the console says that they may have changed: while somebody looks at
// it and has touched it of late, or always on a wall. The figures come in the viewer's own name, by htmx.
(function () {
  'use strict';
  const LEFT_ALONE = 15 * 60 * 1000;
  const AGAIN = 60 * 1000;
  const live = document.getElementById('live');
  const wall = live.hasAttribute('data-wall');
  let stream = null;
  let touched = Date.now();

  const isLeft = () => document.hidden || (!wall && Date.now() - touched > LEFT_ALONE);
  const fetchFigures = () => document.body.dispatchEvent(new CustomEvent('moved'));

  function rest() {
    if (stream) {
      stream.close();
      stream = null;
    }
    live.classList.remove('on');
  }

  function follow() {
    if (stream || isLeft()) {
      return;
    }
    stream = new EventSource('/dashboards/changes');
    stream.addEventListener('open', () => live.classList.add('on'));
    // A page that is left alone must not keep its session open.
    stream.addEventListener('changed', () => (isLeft() ? rest() : fetchFigures()));
    stream.addEventListener('error', () => {
      live.classList.remove('on');
      if (stream && stream.readyState === EventSource.CLOSED) {
        // Refused: too many look, and this one asks each minute instead; or the session has ended, which htmx is told.
        rest();
        fetchFigures();
        window.setTimeout(follow, AGAIN);
      }
    });
  }

  function touch() {
    const wasLeft = isLeft();
    touched = Date.now();
    if (wasLeft) {
      fetchFigures();
      follow();
    }
  }

  ['pointerdown', 'keydown', 'wheel'].forEach((kind) => document.addEventListener(kind, touch, { passive: true }));
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) {
      rest();
    } else if (!isLeft()) {
      fetchFigures();
      follow();
    }
  });
  follow();
})();
