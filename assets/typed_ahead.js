// A control with [data-opens-field] opens a field somewhere, and people type on at once: what they type
// until the field is there is for the field, not for the pictures below it. The app says "field-shown".
const OPENS_MS = 10_000; // on a slow network, too
let typed = null;
let ending = null;

const end = () => {
  const keys = typed ?? [];
  typed = null;
  clearTimeout(ending);
  return keys;
};

const begin = () => {
  typed ??= [];
  clearTimeout(ending);
  ending = setTimeout(end, OPENS_MS);
};
window.opensField = begin;

const press = (key) => {
  const pressed = { key, keyCode: { Enter: 13, Escape: 27 }[key] ?? 0, bubbles: true, cancelable: true };
  for (const type of ["keydown", "keyup"]) document.activeElement.dispatchEvent(new KeyboardEvent(type, pressed));
};

const put = (key) => {
  if (key.length === 1) document.execCommand("insertText", false, key);
  else if (key === "Backspace") document.execCommand("delete");
  else if (key === "Enter" || key === "Escape") press(key);
};

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-opens-field]:not(:disabled)")) begin();
});

document.addEventListener("keydown", (event) => {
  if (!typed || event.ctrlKey || event.metaKey || event.isComposing) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (!event.repeat) typed.push(event.key);
}, true);

document.addEventListener("field-shown", () => end().forEach(put));
