// A key clicks the visible control whose data-shortcut names it; "Ctrl+" also stands for Cmd. Without
// Ctrl a key never fires while someone types, nor does one with it that belongs to what is typed.
const TYPING =
  "textarea, select, [contenteditable=true], " +
  "input:not([type=checkbox], [type=radio], [type=range], [type=button])";

const UNDO = "Ctrl+z";
const OF_THE_TEXT = [UNDO];

const nameOf = ({ key, ctrlKey, metaKey, shiftKey }) => {
  if (!ctrlKey && !metaKey) return key;
  return "Ctrl+" + (key.length === 1 && !shiftKey ? key.toLowerCase() : key); // Caps Lock
};
const isShown = (element) => element.getClientRects().length > 0;

// What lies behind an open dialog is not meant; messages stand above all of them.
const OPEN_DIALOG = ".q-dialog__inner:not([class*='-leave-active'])";

const isInReach = (element) => {
  const dialog = [...document.querySelectorAll(OPEN_DIALOG)].at(-1);
  return !dialog || dialog.contains(element) || element.closest(".bg-messages") !== null;
};

const controlOf = (name) =>
  [...document.querySelectorAll(`[data-shortcut="${CSS.escape(name)}"]`)].find(
    (element) => isShown(element) && isInReach(element),
  );

// What was done last has a way back also where no message offers it: a button of the page, which
// knows the order of all that was done.
const wayBack = () => document.querySelector("[data-undo-last]") ?? controlOf(UNDO);

// Where something was just put away ([data-undoable]), something else soon lies under the pointer: a
// press that follows in the same place was not meant for it. What is clicked by a key has no place.
const TWICE_MS = 800;
const SAME_PLACE = 16;
let pressed = null;

const isAgain = (event) =>
  pressed !== null &&
  event.timeStamp - pressed.timeStamp < TWICE_MS &&
  Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) < SAME_PLACE;

document.addEventListener("click", (event) => {
  if (event.detail === 0) return;
  const { timeStamp, clientX, clientY } = event;
  if (isAgain(event)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    pressed.timeStamp = timeStamp;
  } else {
    pressed = event.target.closest?.("[data-undoable]") ? { timeStamp, clientX, clientY } : null;
  }
}, true);

// What was just done ([data-undoable]) is taken back by Ctrl+z also before the app offers it: the key
// waits for that offer, and does not take back what was done earlier. Until then nothing more is done.
const SOON = 5_000;
let awaited = null;

const offers = new MutationObserver(() => {
  const offered = controlOf(UNDO);
  if (!offered || offered === awaited.lastSeen) return;
  awaited.lastSeen = offered;
  awaited.seen += 1;
  if (awaited.seen < awaited.controls.size) return;
  const { isPressed } = awaited;
  awaitNone();
  if (isPressed) offered.click();
});

const awaitNone = () => {
  offers.disconnect();
  clearTimeout(awaited.timer);
  awaited = null;
};

// A control that is clicked twice does what it does once.
const awaitOfferOf = (control) => {
  awaited ??= { controls: new Set(), seen: 0, lastSeen: controlOf(UNDO), isPressed: false };
  awaited.controls.add(control);
  clearTimeout(awaited.timer);
  awaited.timer = setTimeout(awaitNone, SOON);
  offers.observe(document.body, { childList: true, subtree: true });
};

document.addEventListener("click", (event) => {
  const control = event.target.closest?.("[data-undoable]");
  if (!control) return;
  if (awaited?.isPressed) event.stopImmediatePropagation();
  else awaitOfferOf(control);
}, true);

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const types = event.target instanceof Element && event.target.closest(TYPING);
  const isText = types && (!name.startsWith("Ctrl+") || OF_THE_TEXT.includes(name));
  if (event.altKey || event.isComposing || event.repeat || isText) return;
  const isEarly = name === UNDO && awaited;
  const control = name === UNDO ? wayBack() : controlOf(name);
  if (!isEarly && !control) return;
  event.preventDefault();
  if (isEarly) awaited.isPressed = true;
  else control.click();
});
