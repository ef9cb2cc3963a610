// Choosing with mouse and fingers: Ctrl (or Cmd) and a click takes a picture in or out, Shift and a click
// all up to it. On a touch screen a long press takes the first one in; from then on a tap does.
const LONG_MS = 450;
const STILL = 8; // px: a finger that moves further scrolls

export class Hands {
  // `choose` is called with what is done (toggle, upTo) and a position, `open` with a position.
  constructor({ choose, open, isChoosing }) {
    Object.assign(this, { choose, open, isChoosing });
  }

  down(event, position) {
    this.letGo();
    this.wasHeld = false;
    if (event.pointerType === "mouse") return;
    this.pressed = { x: event.clientX, y: event.clientY };
    this.timer = setTimeout(() => {
      this.timer = null;
      this.wasHeld = true;
      navigator.vibrate?.(15);
      this.choose("toggle", position);
    }, LONG_MS);
  }

  move(event) {
    if (!this.timer) return;
    if (Math.hypot(event.clientX - this.pressed.x, event.clientY - this.pressed.y) > STILL) this.letGo();
  }

  letGo() {
    clearTimeout(this.timer);
    this.timer = null;
  }

  menu(event) {
    if (this.timer || this.wasHeld) event.preventDefault();
  }

  click(event, position) {
    this.letGo();
    if (this.wasHeld) this.wasHeld = false;
    else if (event.shiftKey) this.choose("upTo", position);
    else if (event.ctrlKey || event.metaKey) this.choose("toggle", position);
    else if (event.pointerType !== "mouse" && event.detail > 0 && this.isChoosing()) this.choose("toggle", position);
    else this.open(position);
  }
}
