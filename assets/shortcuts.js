// A key clicks the visible control whose data-shortcut names it; "Ctrl+" also stands for Cmd. Without
// Ctrl a key never fires while someone types, nor does one with it that belongs to what is typed.
const TYPING =
  "textarea, select, [contenteditable=true], " +
  "input:not([type=checkbox], [type=radio], [type=range], [type=button])";

const OF_THE_TEXT = ["Ctrl+z"];

const nameOf = (event) => (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key;
const isShown = (element) => element.getClientRects().length > 0;

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const types = event.target instanceof Element && event.target.closest(TYPING);
  const isText = types && (!name.startsWith("Ctrl+") || OF_THE_TEXT.includes(name));
  if (event.altKey || event.isComposing || event.repeat || isText) return;
  const controls = document.querySelectorAll(`[data-shortcut="${CSS.escape(name)}"]`);
  const control = [...controls].find(isShown);
  if (!control) return;
  event.preventDefault();
  control.click();
});
