/* Runs in every page that the native window shows, and nowhere else: what a window can do for a page. */
(() => {
  if (window.batchgenWindow) return;
  // Qt's channel opens a little later; what is wished for before that would be lost.
  const { platform, _QWebChannel: channel } = window.pywebview;
  const isOpen = platform !== "qtwebengine" || channel;
  const opened = isOpen ? Promise.resolve()
    : new Promise(done => window.addEventListener("pywebviewready", done, { once: true }));
  const window_ = (wish, ...values) => opened.then(() => window.pywebview.api[wish](...values));
  const STYLE = `
    .bg-window-question { margin: auto; border: 1px solid var(--line); border-radius: var(--radius); padding: var(--s5);
      max-width: 440px; background: var(--surface); color: var(--text); }
    .bg-window-question::backdrop { background: rgb(0 0 0 / 50%); }
    .bg-window-question h2 { margin: 0 0 var(--s2); font-size: var(--t4); line-height: 1.3; font-weight: 600; }
    .bg-window-question p { margin: 0 0 var(--s5); color: var(--muted); }
    .bg-window-choices { display: flex; flex-direction: column; gap: var(--s2); }
    .bg-window-question button, .bg-window-note button { min-height: 40px; padding: 0 var(--s4); cursor: pointer;
      border: 1px solid var(--line); border-radius: 8px; background: var(--raised); color: var(--text); font: inherit; font-weight: 600; }
    .bg-window-choices button:first-child { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
    .bg-window-question button:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
    .bg-window-note { position: fixed; inset: auto 0 var(--s5); margin: 0 auto; width: fit-content; max-width: min(560px, 90vw); z-index: 9999;
      display: flex; align-items: center; gap: var(--s4); padding: var(--s3) var(--s4); overflow-wrap: anywhere;
      border: 1px solid var(--line); border-radius: var(--radius); background: var(--raised); color: var(--text); box-shadow: 0 4px 16px rgb(0 0 0 / 30%); }
    .bg-window-note.is-bad { border-color: var(--bad); }
    .bg-window-note button { min-height: 32px; flex: none; }
  `;
  const NOTE_MS = 8000;
  const ZOOM = { "+": 1, "=": 1, "-": -1, "_": -1, "0": 0 };

  const element = (kind, text, name) => {
    const made = document.createElement(kind);
    if (text) made.textContent = text;
    if (name) made.className = name;
    return made;
  };
  const button = (text, act) => {
    const made = element("button", text);
    made.type = "button";
    made.addEventListener("click", act);
    return made;
  };

  function ask(question) {
    document.querySelector(".bg-window-question")?.remove();
    const dialog = element("dialog", "", "bg-window-question");
    const choices = element("div", "", "bg-window-choices");
    const answer = choice => { dialog.remove(); window_("answer", choice); };
    for (const [choice, text] of question.choices) choices.append(button(text, () => answer(choice)));
    dialog.append(element("h2", question.title), element("p", question.text), choices);
    dialog.addEventListener("cancel", event => { event.preventDefault(); answer("cancel"); });
    document.body.append(dialog);
    dialog.showModal();
    window_("asked");
  }

  function note(text, { bad = false, show = "" } = {}) {
    document.querySelector(".bg-window-note")?.remove();
    const shown = element("div", "", bad ? "bg-window-note is-bad" : "bg-window-note");
    shown.setAttribute("role", bad ? "alert" : "status");
    shown.append(element("span", text));
    if (show) shown.append(button(show, () => window_("show_saved")));
    document.body.append(shown);
    setTimeout(() => shown.remove(), NOTE_MS);
  }

  function onClick(event) {
    const place = event.target.closest("[data-in-folder]");
    if (place) return void window_("show_in_folder", place.dataset.inFolder);
    const link = event.target.closest("a[href]");
    if (!link) return;
    const foreign = link.origin !== location.origin && link.protocol.startsWith("http");
    if (!foreign && !link.hasAttribute("download")) return;
    event.preventDefault();
    if (foreign) window_("browse", link.href);
    else window_("save", link.href, link.download);
  }

  function onKey(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !(event.key in ZOOM)) return;
    event.preventDefault();
    window_("zoom", ZOOM[event.key]);
  }

  let titles = 0;
  const tellTitle = () => window_("title", document.title, performance.timeOrigin, ++titles);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  document.documentElement.classList.add("in-window");
  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey, true);
  new MutationObserver(tellTitle).observe(document.head, { subtree: true, childList: true, characterData: true });
  window.batchgenWindow = { ask, note };
  tellTitle();
})();
