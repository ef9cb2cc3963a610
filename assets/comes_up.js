// Where one of its parts is broken off, as a network that changes does, a page stays empty: it is loaded
// again, soon, then later, then left as it is. Stands in the page itself, for it may be a part that fails.
(() => {
  const TRIES = "batchgen.loaded-again";
  const PAUSES_MS = [200, 1_000, 4_000];
  const PARTS = "script:not([data-optional]), link[rel=stylesheet]";
  let isLeaving = false;

  const isUp = () => Boolean(document.getElementById("app")?.__vue_app__);

  const loadAgain = ({ target }) => {
    const tries = Number(sessionStorage.getItem(TRIES));
    if (!(target instanceof Element && target.matches(PARTS))) return;
    if (isLeaving || isUp() || tries >= PAUSES_MS.length) return;
    isLeaving = true;
    sessionStorage.setItem(TRIES, tries + 1);
    setTimeout(() => location.reload(), PAUSES_MS[tries]);
  };

  // Such errors do not rise: they are heard on their way down.
  addEventListener("error", loadAgain, true);
  addEventListener("load", () => {
    if (isUp() && !isLeaving) sessionStorage.removeItem(TRIES);
  });
})();
