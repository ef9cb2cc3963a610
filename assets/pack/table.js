// One picture in the whole window, or two to nine beside each other at the same zoom and the same spot;
// two of them also under a slider, or one in the other's place.
import { arranged } from "batchgen-light-table/arrange.js";
import { Hands, spotOf } from "batchgen-light-table/hands.js";
import { Mover } from "batchgen-light-table/mover.js";
import { clamp, keyPan } from "batchgen-zooming/zoom.js";
import { addressOf, button, element, haveSeveralPrompts, shownOf, starsOf } from "batchgen-pack/parts.js";

const STEP = 1.5;
const SIDE = 300; // of what has no known size
const BLINK = 700; // milliseconds

export class Table {
  constructor(pictures, marks, words, closed) {
    Object.assign(this, { pictures, marks, words, closed });
    this.hasPrompts = haveSeveralPrompts(pictures);
    this.byId = new Map(pictures.map((picture) => [picture.id, picture]));
    this.hands = new Hands(
      (place, factor, at, { shiftKey }) => this.mover.zoomBy(place, factor, at, shiftKey),
      (place, by, { shiftKey }) => this.mover.pan(place, by, shiftKey));
    this.percent = button("100 %", words.toggle, () => this.mover.toggle(this.active));
    this.mover = new Mover((percent) => (this.percent.textContent = `${percent} %`));
    this.stage = element("div", { classes: "stage", "data-testid": "stage" });
    this.wiper = element("div", { classes: "wiper", role: "slider", tabindex: "0", "aria-label": words.slider, "aria-valuemin": "0", "aria-valuemax": "100", hidden: true });
    this.tools = this.toolbar();
    this.element = element("section", { classes: "table", "data-testid": "table", tabindex: "-1", hidden: true }, this.stage, this.tools);
    new ResizeObserver(() => this.layOut()).observe(this.stage);
    this.listenToWiper();
  }

  toolbar() {
    const { words } = this;
    const mark = (field) => () => this.marks.toggle([this.current], field);
    this.heart = button("♥", words.favourite, mark("favourite"), { "data-testid": "favourite" });
    this.cross = button("⊘", words.reject, mark("rejected"), { "data-testid": "reject" });
    this.stars = [1, 2, 3, 4, 5].map((value) =>
      button("★", `${value} ★`, () => this.marks.set([this.current], { rating: this.marks.of(this.current).rating === value ? 0 : value }), { "data-value": value }));
    this.modes = Object.fromEntries(["beside", "slider", "blink"].map((mode) =>
      [mode, button(words[mode], words[mode], () => this.setMode(mode), { "data-mode": mode })]));
    this.label = element("span", { classes: "label", dir: "auto", role: "status" });
    this.steps = element("div", { classes: "group" }, button("‹", words.previous, () => this.step(-1)), button("›", words.next, () => this.step(1)));
    this.pair = element("div", { classes: "group" }, ...Object.values(this.modes));
    return element("div", { classes: "bar tools", role: "toolbar" },
      this.steps,
      element("div", { classes: "group" }, button("−", words.smaller, () => this.zoom(1 / STEP)), this.percent, button("+", words.larger, () => this.zoom(STEP)), button("⤢", words.whole, () => this.mover.fit())),
      this.pair,
      element("div", { classes: "group" }, this.heart, ...this.stars, this.cross),
      this.label, button("✕", words.close, () => this.close(), { "data-testid": "close" }));
  }

  get isOpen() {
    return !this.element.hidden;
  }

  get current() {
    return this.ids[this.active];
  }

  open(ids) {
    this.element.hidden = false;
    document.body.classList.add("has-table");
    this.ids = ids;
    this.active = 0;
    this.mode = "beside";
    this.build();
    this.mover.fit();
    this.element.focus({ preventScroll: true });
  }

  close() {
    this.setMode("beside");
    this.element.hidden = true;
    document.body.classList.remove("has-table");
    const last = this.current;
    this.stage.replaceChildren();
    this.mover.panes.clear();
    this.mover.leave();
    this.closed(last);
  }

  build() {
    this.mover.panes.clear();
    this.mover.owns.clear();
    const panes = this.ids.map((id, place) => this.pane(this.byId.get(id), place));
    this.stage.replaceChildren(...panes, this.wiper);
    panes.forEach((pane, place) => this.mover.panes.set(place, pane));
    this.mover.changed();
    this.layOut();
    this.show();
  }

  pane(picture, place) {
    const state = picture.missing ?? picture.damaged;
    const opens = picture.kind === "other" && !picture.missing;
    const pane = element("figure", { classes: "bg-pane", tabindex: "0", "data-testid": "pane", "data-id": picture.id },
      element("div", { classes: "bg-layer" }, shownOf(picture, { film: true })), element("span", { classes: "bg-spot", hidden: true }),
      element("figcaption", {}, element("span", { text: picture.label }), element("span", { classes: "pane-marks" }),
        ...(this.hasPrompts ? [element("span", { classes: "pane-prompt", dir: "auto", text: picture.prompt, title: picture.prompt })] : []),
        ...(opens ? [element("a", { href: addressOf(picture.file), text: this.words.open_file })] : []),
        ...(state ? [element("span", { classes: "bad", text: state })] : [])));
    const here = { mouse: (event) => this.mover.point(place, event.pointerType === "mouse" ? spotOf(event) : undefined) };
    const isOurs = (event) => !event.target.closest("video, figcaption");
    pane.addEventListener("focusin", () => this.activate(place));
    pane.addEventListener("wheel", (event) => (event.preventDefault(), this.hands.wheel(event, place)), { passive: false });
    pane.addEventListener("pointerdown", (event) => isOurs(event) && (pane.focus({ preventScroll: true }), this.hands.grab(event, place)));
    pane.addEventListener("pointermove", (event) => (here.mouse(event), this.hands.drag(event)));
    for (const end of ["pointerup", "pointercancel"]) pane.addEventListener(end, (event) => this.hands.release(event));
    pane.addEventListener("pointerleave", () => this.mover.point(place));
    pane.addEventListener("dblclick", (event) => isOurs(event) && this.mover.toggle(place, spotOf(event)));
    return pane;
  }

  layOut() {
    if (!this.isOpen || !this.ids) return;
    const first = this.ids.map((id) => this.byId.get(id)).find(({ missing }) => !missing) ?? {};
    const isDrawn = first.kind === "picture" && first.width;
    const frame = isDrawn ? [first.width, first.height] : [SIDE, SIDE];
    const { columns, rows, cell } = arranged(this.mode === "beside" ? this.ids.length : 1, frame, [this.stage.clientWidth, this.stage.clientHeight]);
    this.stage.style.gridTemplate = `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))`;
    this.mover.measure(frame, cell);
  }

  activate(place) {
    this.active = place;
    this.show();
  }

  // As marks, mode and the active pane are now.
  show() {
    const { panes } = this.mover;
    const isPair = this.ids.length === 2;
    for (const [place, pane] of panes) {
      pane.dataset.active = String(place === this.active && panes.size > 1);
      const marks = this.marks.of(this.ids[place]);
      pane.querySelector(".pane-marks").textContent = starsOf(marks);
      pane.dataset.rejected = String(marks.rejected);
    }
    const { favourite, rating, rejected } = this.marks.of(this.current);
    this.heart.setAttribute("aria-pressed", String(favourite));
    this.cross.setAttribute("aria-pressed", String(rejected));
    this.stars.forEach((star, at) => star.setAttribute("aria-pressed", String(at < rating)));
    this.pair.hidden = !isPair;
    this.steps.hidden = panes.size > 2;
    for (const [mode, each] of Object.entries(this.modes)) each.setAttribute("aria-pressed", String(mode === this.mode));
    const { label, prompt } = this.byId.get(this.current);
    this.label.textContent = this.label.title = [label, prompt].filter(Boolean).join(" · ");
    this.stage.dataset.mode = this.mode;
    this.wiper.hidden = this.mode !== "slider";
  }

  setMode(mode) {
    clearInterval(this.blinks);
    this.mode = this.ids.length === 2 ? mode : "beside";
    this.stage.dataset.over = "0";
    this.wipe(0.5);
    if (this.mode === "blink") this.blinks = setInterval(() => this.over(), BLINK);
    this.layOut();
    this.show();
  }

  over() {
    const upper = 1 - Number(this.stage.dataset.over);
    this.stage.dataset.over = String(upper);
    this.activate(upper);
  }

  wipe(part) {
    this.part = clamp(part, 0, 1);
    this.wiper.style.left = `${this.part * 100}%`;
    this.wiper.setAttribute("aria-valuenow", String(Math.round(this.part * 100)));
    const layer = this.mover.panes.get(1)?.querySelector(".bg-layer");
    if (layer) layer.style.clipPath = this.mode === "slider" ? `inset(0 0 0 ${this.part * 100}%)` : "";
  }

  listenToWiper() {
    this.wiper.addEventListener("pointerdown", (event) => {
      event.stopPropagation();
      this.wiper.setPointerCapture(event.pointerId);
    });
    this.wiper.addEventListener("pointermove", (event) => {
      if (!this.wiper.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.stage.getBoundingClientRect();
      this.wipe((event.clientX - left) / width);
    });
    this.wiper.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -0.02, ArrowRight: 0.02 }[event.key];
      if (!by) return;
      this.wipe(this.part + by);
      event.preventDefault();
      event.stopPropagation();
    });
  }

  zoom(factor) {
    this.mover.zoomBy(this.active, factor);
  }

  // In the place of the active one, the next that is not shown.
  step(by) {
    const order = this.pictures.map(({ id }) => id);
    const at = order.indexOf(this.current);
    const others = order.filter((id) => id === this.current || !this.ids.includes(id));
    const next = others.at((others.indexOf(order[at]) + by) % others.length);
    this.ids = this.ids.with(this.active, next);
    this.build();
    this.setMode(this.mode);
    this.mover.panes.get(this.active).focus({ preventScroll: true });
  }

  press(event) {
    const { key, shiftKey, altKey, code } = event;
    if (altKey && /^Digit[1-9]$/.test(code)) return this.mover.panes.get(Number(code.at(-1)) - 1)?.focus(), true;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (by && (shiftKey || (this.ids.length === 1 && this.mover.view.fits))) return this.step(by), true;
    if (keyPan(key)) return this.mover.pan(this.active, keyPan(key)), true;
    const act = {
      Escape: () => this.close(), "+": () => this.zoom(STEP), "=": () => this.zoom(STEP), "-": () => this.zoom(1 / STEP),
      z: () => this.mover.toggle(this.active), w: () => this.setMode(this.mode === "slider" ? "beside" : "slider"),
      b: () => this.setMode(this.mode === "blink" ? "beside" : "blink"),
    }[key.length === 1 ? key.toLowerCase() : key];
    act?.();
    return act !== undefined;
  }
}
