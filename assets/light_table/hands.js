// What fingers, mouse and wheel do to pictures, as zooming by a factor at a spot and as panning. Spots
// are pixels from the corner of a pane; two fingers need not be on the same one.
const WHEEL = 0.0015;
const TRACKPAD_PINCH = 0.01; // comes as a wheel with Ctrl

const cornerOf = (event) => {
  const { left, top } = event.currentTarget.closest(".bg-pane").getBoundingClientRect();
  return [left, top];
};

const less = (one, other) => [one[0] - other[0], one[1] - other[1]];
const between = (one, other) => [(one[0] + other[0]) / 2, (one[1] + other[1]) / 2];
const placeOf = (event) => [event.clientX, event.clientY];

export const spotOf = (event) => less(placeOf(event), cornerOf(event));

export class Hands {
  // ``zoom(pane, factor, spot, event)`` and ``pan(pane, by, event)`` are called, for the pane that the
  // first finger lies on.
  constructor(zoom, pan) {
    this.zoom = zoom;
    this.pan = pan;
    this.touches = new Map();
  }

  wheel(event, pane) {
    const turned = event.deltaY || event.deltaX; // with Shift, browsers turn it sideways
    this.zoom(pane, Math.exp(-turned * (event.ctrlKey ? TRACKPAD_PINCH : WHEEL)), spotOf(event), event);
  }

  grab(event, pane) {
    if (event.button) return;
    if (event.isPrimary) this.touches.clear(); // a picture may have gone from under a finger
    event.currentTarget.setPointerCapture(event.pointerId);
    if (this.touches.size === 0) Object.assign(this, { pane, corner: cornerOf(event) });
    this.touches.set(event.pointerId, placeOf(event));
  }

  drag(event) {
    const from = this.touches.get(event.pointerId);
    if (!from) return;
    const here = placeOf(event);
    if (this.touches.size > 1) this.pinch(event, from, here);
    else this.pan(this.pane, less(here, from), event);
    this.touches.set(event.pointerId, here);
  }

  pinch(event, from, here) {
    const [, other] = [...this.touches].find(([touch]) => touch !== event.pointerId);
    const grown = Math.hypot(...less(here, other)) / Math.max(Math.hypot(...less(from, other)), 1);
    this.zoom(this.pane, grown, less(between(here, other), this.corner), event);
    this.pan(this.pane, between(less(here, from), [0, 0]), event);
  }

  // Otherwise a browser goes on scrolling in thought, and the next tap only stops that.
  hold(event) {
    if (this.touches.size && event.cancelable) event.preventDefault();
  }

  release(event) {
    this.touches.delete(event.pointerId);
  }
}
