// Draws all panes from one view, at most once in a frame, past Vue: nothing but transforms change.
// Pictures are laid out as large as the room shows them whole, and drawn larger from there; while they
// move they are layers of their own, and where they rest they are drawn anew, as sharp as can be.
import * as zoom from "batchgen-zooming/zoom.js";

const AT_REST = 180; // milliseconds without a move

export class Mover {
  constructor(tell) {
    this.tell = tell; // the scale in percent, after each change
    this.panes = new Map(); // by place: its element
    this.owns = new Map(); // by place: how it looks at the view, where that is a way of its own
    this.pictures = [];
    this.spots = [];
    this.pointed = {};
    this.frame = this.room = [1, 1];
    this.view = zoom.fitted(this.frame, this.room);
  }

  // The elements, or what stands in them, are others than before.
  changed() {
    this.pictures = [...this.panes].flatMap(([place, pane]) =>
      [...pane.querySelectorAll(".bg-layer > :is(img, video)")].map((image) => ({ place, image })));
    this.spots = [...this.panes].map(([place, pane]) => ({ place, spot: pane.querySelector(".bg-spot") }));
    this.layOut();
  }

  measure(frame, room) {
    const isSame = String([frame, room]) === String([this.frame, this.room]);
    if (isSame) return;
    const before = [this.frame, this.room];
    Object.assign(this, { frame, room });
    this.view = this.view.fits ? zoom.fitted(frame, room) : this.moved(before);
    this.layOut();
  }

  // Zoomed as before, where pictures have come or gone, or the window is another size.
  moved(before) {
    const isSame = String(before[0]) === String(this.frame);
    return isSame ? zoom.kept(this.view, this.frame, this.room) : zoom.reframed(this.view, before, [this.frame, this.room]);
  }

  layOut() {
    const scale = zoom.whole(this.frame, this.room);
    for (const { image } of this.pictures) {
      image.style.width = `${this.frame[0] * scale}px`;
      image.style.height = `${this.frame[1] * scale}px`;
    }
    this.paint();
  }

  own(place) {
    return this.owns.get(place) ?? zoom.SHARED;
  }

  // ``change`` of a view, as one pane sees it, is that of all panes; or (``alone``) only of that one.
  move(place, change, alone = false) {
    const own = this.own(place);
    const seen = change(zoom.ownOf(this.view, own));
    if (alone) this.owns.set(place, zoom.between(this.view, seen));
    else this.view = zoom.kept(zoom.sharedOf(seen, own), this.frame, this.room);
    this.view.fits = Math.abs(this.view.scale - zoom.whole(this.frame, this.room)) < 1e-6;
    this.asks();
  }

  zoomTo(place, scale, at) {
    this.move(place, (view) => zoom.zoomed(view, scale * this.own(place).times, this.frame, this.room, at));
  }

  zoomBy(place, factor, at, alone) {
    this.move(place, (view) => zoom.larger(view, factor, this.frame, this.room, at), alone);
  }

  pan(place, by, alone) {
    this.move(place, (view) => zoom.panned(view, by), alone);
  }

  // All of it, in every pane.
  fit() {
    this.owns.clear();
    this.view = zoom.fitted(this.frame, this.room);
    this.asks();
  }

  toggle(place, at) {
    if (Math.abs(this.view.scale - zoom.actual()) < 1e-6) this.fit();
    else this.zoomTo(place, zoom.actual(), at);
  }

  // The same spot in every pane but the one that is pointed at.
  point(place, at) {
    this.pointed = { place, at };
    for (const { place: other, spot } of this.spots) {
      spot.hidden = !at || other === place;
      if (at) spot.style.transform = `translate(${at[0]}px, ${at[1]}px)`;
    }
  }

  asks() {
    this.asked ??= requestAnimationFrame(() => {
      this.asked = undefined;
      this.isMoving();
      this.paint();
    });
  }

  isMoving() {
    for (const pane of this.panes.values()) pane.classList.add("is-moving");
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.rests(), AT_REST);
  }

  rests() {
    for (const pane of this.panes.values()) pane.classList.remove("is-moving");
  }

  paint() {
    const laidOut = zoom.whole(this.frame, this.room);
    for (const { place, image } of this.pictures) {
      const seen = zoom.ownOf(this.view, this.own(place));
      const [x, y] = zoom.corner(seen, this.room);
      image.style.transform = `translate(${x}px, ${y}px) scale(${seen.scale / laidOut})`;
      const showsPixels = seen.scale / zoom.actual() >= zoom.PIXELS_SHOW_FROM;
      image.style.imageRendering = showsPixels ? "pixelated" : "auto";
    }
    this.tell(Math.round((this.view.scale / zoom.actual()) * 100));
  }

  leave() {
    cancelAnimationFrame(this.asked);
    clearTimeout(this.rest);
  }
}
