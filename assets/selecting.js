// Choosing pictures as on a desktop: Ctrl (or Cmd) and a click takes one in or out, Shift and a click
// all up to it, a frame drawn from an empty place those that it touches, Ctrl+A all. On a touch screen
// a long press takes the first one in; from then on a tap does, until none is chosen. Until the app has
// heard of it, which says so with the number of the last turn that it knows, keys wait (keys.js).
const LONG_MS = 450;
const STILL = 8;
const EDGE = 40;
const TYPING = "textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio])";

const indexOf = (tile) => Number(tile.dataset.index);
const isShown = (element) => element.getClientRects().length > 0;
const orderOf = (element) => Number(getComputedStyle(element).order);
const overlaps = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

export default {
  template: `<div class="bg-lasso" aria-hidden="true" v-show="frame" :style="frame"></div>`,
  props: { count: Number, heard: Number },
  emits: ["choose"],
  data() {
    return { frame: null };
  },
  watch: {
    count(now) {
      if (!now) this.isByTouch = false;
    },
    async heard(now) {
      await this.$nextTick();
      if (now < this.turn) return;
      this.$el.removeAttribute("data-choosing");
      document.dispatchEvent(new Event("chosen"));
    },
  },
  mounted() {
    this.turn = this.heard;
    this.area = this.$el.parentElement;
    this.ears = new AbortController();
    const { signal } = this.ears;
    const hear = (target, type, handler, options) =>
      target.addEventListener(type, handler, { signal, ...options });
    hear(this.area, "click", this.click, { capture: true });
    hear(this.area, "click", this.clicked);
    hear(this.area, "change", this.ticked);
    hear(this.area, "contextmenu", this.menu, { capture: true });
    hear(document, "pointerdown", this.down);
    hear(document, "pointermove", this.move);
    hear(document, "scroll", this.draw, { passive: true });
    hear(document, "pointerup", this.up);
    hear(document, "pointercancel", this.leave);
    hear(document, "keydown", this.key, { capture: true });
  },
  unmounted() {
    this.ears.abort();
    this.leave();
  },
  methods: {
    tiles() {
      const shown = [...this.area.querySelectorAll("[data-tile]")].filter(isShown);
      return shown.sort((one, other) => orderOf(one) - orderOf(other));
    },
    choose(how, tiles = []) {
      this.turn += 1;
      this.$el.setAttribute("data-choosing", "");
      this.$emit("choose", { how, indexes: tiles.map(indexOf), turn: this.turn });
    },
    click(event) {
      const tile = event.target.closest("[data-focus]")?.closest("[data-tile]");
      const isTap = this.isByTouch && event.pointerType !== "mouse" && event.detail > 0;
      const isHeld = this.wasHeld;
      this.wasHeld = false;
      if (!tile || !(event.ctrlKey || event.metaKey || event.shiftKey || isTap || isHeld)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (isHeld) return;
      if (event.shiftKey) this.choose("add", this.upTo(tile));
      else this.choose("toggle", [tile]);
      this.anchor = tile;
    },
    // What else chooses has told the app itself.
    clicked({ target }) {
      if (target.closest("[data-chooses]")) this.choose("add");
    },
    ticked(event) {
      if (event.target.matches("[data-chooses]")) this.choose("add");
      this.anchor = event.target.closest("[data-tile]") ?? this.anchor;
    },
    upTo(tile) {
      const tiles = this.tiles();
      const [from, to] = [tiles.indexOf(this.anchor), tiles.indexOf(tile)].sort((a, b) => a - b);
      return from < 0 ? [tile] : tiles.slice(from, to + 1);
    },
    menu(event) {
      if (this.timer || this.wasHeld) event.preventDefault();
    },
    down(event) {
      this.leave();
      this.wasHeld = false;
      if (event.pointerType !== "mouse") this.press(event);
      else if (event.button === 0 && this.isEmpty(event.target)) this.begin(event);
    },
    press(event) {
      const tile = event.target.closest?.("[data-focus]")?.closest("[data-tile]");
      if (!tile || !this.area.contains(tile)) return;
      this.pressed = { x: event.clientX, y: event.clientY };
      this.timer = setTimeout(() => {
        this.timer = null;
        this.wasHeld = this.isByTouch = true;
        this.anchor = tile;
        navigator.vibrate?.(15);
        this.choose(tile.dataset.chosen === "true" ? "toggle" : "add", [tile]);
      }, LONG_MS);
    },
    // Between and around the pictures: the grid, or what it lies in.
    isEmpty(target) {
      const grid = this.area.querySelector(".bg-grid");
      return grid !== null && target instanceof Element && target.contains(grid) && target !== document.documentElement;
    },
    begin(event) {
      event.preventDefault();
      this.from = { x: event.pageX, y: event.pageY };
      this.last = event;
      document.body.classList.add("is-framing");
      this.adds = event.ctrlKey || event.metaKey || event.shiftKey;
    },
    move(event) {
      if (this.timer && Math.hypot(event.clientX - this.pressed.x, event.clientY - this.pressed.y) > STILL) {
        clearTimeout(this.timer);
        this.timer = null;
      }
      if (!this.from) return;
      this.last = event;
      this.scrollAtEdge(event);
      this.draw();
    },
    scrollAtEdge({ clientY }) {
      if (clientY < EDGE) scrollBy(0, clientY - EDGE);
      else if (clientY > innerHeight - EDGE) scrollBy(0, clientY - innerHeight + EDGE);
    },
    draw() {
      if (!this.from) return;
      const [x, y] = [this.from.x - scrollX, this.from.y - scrollY];
      const { clientX, clientY } = this.last;
      if (!this.frame && Math.hypot(clientX - x, clientY - y) < STILL) return;
      const box = {
        left: Math.min(x, clientX), top: Math.min(y, clientY),
        right: Math.max(x, clientX), bottom: Math.max(y, clientY),
      };
      this.frame = {
        left: `${box.left}px`, top: `${box.top}px`,
        width: `${box.right - box.left}px`, height: `${box.bottom - box.top}px`,
      };
      for (const tile of this.tiles())
        tile.toggleAttribute("data-caught", overlaps(tile.getBoundingClientRect(), box));
    },
    up() {
      const isDrawn = this.from && this.frame;
      if (isDrawn) this.choose(this.adds ? "add" : "only", this.tiles().filter((tile) => tile.hasAttribute("data-caught")));
      this.leave();
    },
    leave() {
      clearTimeout(this.timer);
      this.timer = this.from = this.frame = null;
      document.body.classList.remove("is-framing");
      for (const tile of this.area.querySelectorAll("[data-caught]")) tile.removeAttribute("data-caught");
    },
    key(event) {
      if (event.key === "Escape" && this.frame) {
        this.leave();
        event.preventDefault();
        event.stopImmediatePropagation();
      }
      const isAll = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "a";
      const isBusy = document.querySelector(".q-dialog__inner") || event.target.closest?.(TYPING);
      if (!isAll || event.altKey || event.shiftKey || isBusy) return;
      event.preventDefault();
      this.choose("all");
    },
  },
};
