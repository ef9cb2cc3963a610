// The pictures of the pack as tiles: looked through, marked, chosen.
import { button, element, haveSeveralPrompts, smallOf, starsOf, told } from "batchgen-pack/parts.js";

const GAP = 14;
const FOOT = 44;
const PROMPT = 44;
const [SMALLEST, LARGEST] = [130, 640];

// Width by height of most of the pictures.
function ratioOf(pictures) {
  const known = pictures.filter(({ width, height }) => width && height).map(({ width, height }) => width / height);
  return known.sort((one, other) => one - other)[Math.floor(known.length / 2)] ?? 1;
}

export class Grid {
  constructor(pictures, marks, words, { open, selected }) {
    Object.assign(this, { pictures, marks, words, open, selected });
    this.chosen = new Set();
    this.hasPrompts = haveSeveralPrompts(pictures);
    this.tiles = new Map(pictures.map((picture) => [picture.id, this.tile(picture)]));
    this.element = element("div", { classes: "grid", "data-testid": "grid" }, ...this.tiles.values());
    this.ratio = ratioOf(pictures);
    this.element.style.setProperty("--ratio", this.ratio);
    for (const { id } of pictures) this.follow(id);
  }

  size(wide) {
    this.element.style.setProperty("--tile", `${wide}px`);
  }

  // As large as they are all seen at once, if they can be; gives how wide that is.
  fit(high) {
    const room = this.element.clientWidth;
    const count = Math.max(this.shown.length, 1);
    const ways = Array.from({ length: count }, (_, at) => {
      const across = (room - GAP * at) / (at + 1);
      const down = (high / Math.ceil(count / (at + 1)) - GAP - FOOT - (this.hasPrompts ? PROMPT : 0)) * this.ratio;
      return Math.floor(Math.min(across, down));
    });
    const wide = Math.min(Math.max(...ways, SMALLEST), LARGEST);
    this.size(wide);
    return wide;
  }

  tile(picture) {
    const opens = element("button", { type: "button", classes: "tile-picture", "aria-label": picture.label, title: picture.prompt, on: { click: () => this.open(picture.id) } },
      element("img", { src: smallOf(picture), alt: "", loading: "lazy", draggable: "false" }));
    const tick = element("input", { type: "checkbox", "aria-label": told(this.words.select, picture), on: { change: () => this.choose(picture.id, tick.checked) } });
    const foot = element("div", { classes: "tile-foot" },
      element("label", {}, tick, element("span", { text: picture.short })), element("span", { classes: "tile-marks" }));
    const state = picture.missing ?? picture.damaged;
    return element("article", { classes: "tile", "data-testid": "tile", "data-id": picture.id, "data-missing": picture.missing ? "true" : undefined }, opens,
      ...(this.hasPrompts ? [element("p", { classes: "tile-prompt", dir: "auto", text: picture.prompt, title: picture.prompt })] : []),
      ...(state ? [element("p", { classes: "bad", text: state })] : []), foot);
  }

  follow(id) {
    const tile = this.tiles.get(id);
    const marks = this.marks.of(id);
    tile.querySelector(".tile-marks").textContent = starsOf(marks);
    tile.dataset.rejected = String(marks.rejected);
    tile.dataset.rating = String(marks.rating);
    tile.dataset.favourite = String(marks.favourite);
  }

  // Only what ``isWanted``; what is hidden is no longer chosen.
  filter(isWanted) {
    for (const [id, tile] of this.tiles) {
      tile.hidden = !isWanted(this.marks.of(id));
      if (tile.hidden) this.choose(id, false);
    }
  }

  get shown() {
    return this.pictures.filter(({ id }) => !this.tiles.get(id).hidden);
  }

  choose(id, on) {
    if (on) this.chosen.add(id);
    else this.chosen.delete(id);
    const tile = this.tiles.get(id);
    tile.querySelector("input").checked = on;
    tile.dataset.chosen = String(on);
    this.selected();
  }

  chooseAll(on) {
    for (const { id } of this.shown) this.choose(id, on);
  }

  get chosenIds() {
    return this.pictures.map(({ id }) => id).filter((id) => this.chosen.has(id));
  }

  get focused() {
    return document.activeElement?.closest?.(".tile")?.dataset.id;
  }

  focus(id) {
    const picture = this.tiles.get(id)?.querySelector(".tile-picture");
    picture?.focus();
    picture?.scrollIntoView({ block: "nearest" });
  }

  // What a key marks: the tile that has the focus, or else all that is chosen.
  get meant() {
    const one = this.focused;
    if (one && !(this.chosen.has(one) && this.chosen.size > 1)) return [one];
    return this.chosenIds;
  }

  move(key) {
    const shown = this.shown.map(({ id }) => id);
    if (!shown.length) return;
    const at = shown.indexOf(this.focused);
    const columns = getComputedStyle(this.element).gridTemplateColumns.split(" ").length;
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[key];
    const next = at < 0 ? 0 : at + step;
    this.focus(shown[next] ?? shown[at]);
  }
}

export const chip = (text, act, attributes) => button(text, text, act, { classes: "chip", ...attributes });
