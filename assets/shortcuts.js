// A key clicks the visible control whose data-shortcut names it; "Ctrl+" also stands for Cmd. Without
// Ctrl a key never fires while someone types.
const TYPING =
  "textarea, select, [contenteditable=true], " +
  "input:not([type=checkbox], [type=radio], [type=range], [type=button])";

const nameOf = (event) => (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + event.key;
const isShown = (element) => element.getClientRects().length > 0;

document.addEventListener("keydown", (event) => {
  const name = nameOf(event);
  const types = event.target instanceof Element && event.target.closest(TYPING);
  if (event.altKey || event.isComposing || (types && !name.startsWith("Ctrl+"))) return;
  const controls = document.querySelectorAll(`[data-shortcut="${CSS.escape(name)}"]`);
  const control = [...controls].find(isShown);
  if (!control) return;
  event.preventDefault();
  control.click();
});
