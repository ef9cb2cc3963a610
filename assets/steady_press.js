// A press counts for the button on which it began, though the page moves under the pointer before it is
// let go: what a server answers arrives while people press. Who takes the pointer away first, and lets go
// elsewhere, does not mean it.
const BUTTONS = ".bg-button, .bg-icon";
const SAME_PLACE = 16; // pixels
let begun = null;

const isOn = (control, { clientX, clientY }) => {
  const { left, right, top, bottom } = control.getBoundingClientRect();
  return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
};
const isMoved = ({ clientX, clientY }) =>
  Math.hypot(clientX - begun.clientX, clientY - begun.clientY) > SAME_PLACE;

document.addEventListener("pointerdown", (event) => {
  const control = event.button === 0 ? event.target.closest?.(BUTTONS) : null;
  begun = control ? { control, clientX: event.clientX, clientY: event.clientY } : null;
  control?.setPointerCapture(event.pointerId);
}, true);

document.addEventListener("click", (event) => {
  const isMeant = event.detail === 0 || !begun || !isMoved(event) || isOn(begun.control, event);
  begun = null;
  if (isMeant) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);
