// A key clicks the visible control whose data-shortcut names it; "Ctrl+" also stands for Cmd. Without
// Ctrl a key never fires while someone types, nor does one with it that belongs to what is typed.
const TYPING =
  "textarea, select, [contenteditable=true], " +
  "input:not([type=checkbox], [type=radio], [type=range], [type=button])";

const UNDO = "Ctrl+z";
const OF_THE_TEXT = [UNDO];

const nameOf = (event) => (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key;
const isShown = (element) => element.getClientRects().length > 0;

const controlOf = (name) =>
  [...document.querySelectorAll(`[data-shortcut="${CSS.escape(name)}"]`)].find(isShown);

// What was just done ([data-undoable]) is taken back by Ctrl+z also before the app offers it: the key
// waits for that offer, and does not take back what was done earlier.
const SOON = 5_000;
const onTheirWay = { count: 0, isPressed: false, lastSeen: null, timer: null };

const offers = new MutationObserver(() => {
  const offered = controlOf(UNDO);
  if (!offered || offered === onTheirWay.lastSeen) return;
  onTheirWay.lastSeen = offered;
  if (--onTheirWay.count) return;
  const { isPressed } = onTheirWay;
  awaitNone();
  if (isPressed) offered.click();
});

const awaitNone = () => {
  offers.disconnect();
  clearTimeout(onTheirWay.timer);
  Object.assign(onTheirWay, { count: 0, isPressed: false });
};

const awaitOneMore = () => {
  if (!onTheirWay.count++) onTheirWay.lastSeen = controlOf(UNDO);
  clearTimeout(onTheirWay.timer);
  onTheirWay.timer = setTimeout(awaitNone, SOON);
  offers.observe(document.body, { childList: true, subtree: true });
};

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-undoable]")) awaitOneMore();
}, true);

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const types = event.target instanceof Element && event.target.closest(TYPING);
  const isText = types && (!name.startsWith("Ctrl+") || OF_THE_TEXT.includes(name));
  if (event.altKey || event.isComposing || event.repeat || isText) return;
  const isEarly = name === UNDO && onTheirWay.count > 0;
  const control = controlOf(name);
  if (!isEarly && !control) return;
  event.preventDefault();
  if (isEarly) onTheirWay.isPressed = true;
  else control.click();
});
