// A key presses the control that claims it with data-key, so nothing works by keyboard alone. In a
// tile ([data-tile]) controls act on that tile: the one with the focus, else the one under the
// pointer. Only the latest scope on the page listens, and never while someone types. After a mark the
// next picture follows, where that was chosen (device_tick.js), and always with Shift or Caps Lock. A tile
// with data-marked has no controls for its marks: the app is told the key.
const scopes = [];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };
const ENDS = { Home: 0, End: -1 };
const FIELD = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";
const CONTROL = "button, a, [role=button], [role=checkbox], [role=slider], input";

// Any other is pressed once, however long it is held down.
const WHILE_HELD = [...Object.keys(STEPS), "+", "=", "-"];

const MARKS = ["f", "x", "0", "1", "2", "3", "4", "5"];
const MARKED_BY_KEY = [...MARKS, "u"];
const ADVANCE = "batchgen.advance";

// What acts on all that is chosen, as long as it is in sight.
const FOR_CHOSEN = "[data-for-chosen]";

// Not one that is fading away.
const OPEN_DIALOG = ".q-dialog__inner:not([class*='-leave-active'])";

const nameOf = (key) => (key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key);
// With Shift, and on some keyboards without it, a key with a digit means something else, too.
const digitOf = (code) => /^(?:Digit|Numpad)(\d)$/.exec(code ?? "")?.[1] ?? "";
const isShown = (element) => element.getClientRects().length > 0;
const orderOf = (element) => Number(getComputedStyle(element).order);
const advances = (event) =>
  event.shiftKey || event.getModifierState("CapsLock") || localStorage.getItem(ADVANCE) === "on";

// Until the app has said what is chosen (selecting.js), and while a view is opened by a control with
// data-opens, keys wait in their order: else they would be for another picture.
const ON_THE_WAY = [...Object.keys(STEPS), ...Object.keys(ENDS), " ", "+", "=", "-"];
const OPENS_MS = 10_000; // on a slow network, too
const waiting = [];
let opening = null;
let isReplaying = false;

const mustWait = ({ key }) =>
  !isReplaying && (waiting.length > 0 || opening || (document.querySelector("[data-choosing]") && !ON_THE_WAY.includes(key)));

const replay = () => {
  isReplaying = true;
  while (waiting.length && !opening && !document.querySelector("[data-choosing]")) {
    const pressed = waiting.shift();
    for (const type of ["keydown", "keyup"]) // Quasar closes a dialog when Escape is let go
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent(type, pressed));
  }
  isReplaying = false;
};

const wait = (event) => {
  const modifierCapsLock = event.getModifierState("CapsLock");
  const { key, code, keyCode, shiftKey, altKey } = event;
  waiting.push({ key, code, keyCode, shiftKey, altKey, modifierCapsLock, bubbles: true, cancelable: true });
};

const opened = () => {
  clearTimeout(opening);
  opening = null;
};

const shown = () => {
  opened();
  requestAnimationFrame(replay); // once it has the focus
};

document.addEventListener("click", ({ target }) => {
  if (!target.closest?.("[data-opens]:not(:disabled)")) return;
  opened();
  opening = setTimeout(() => {
    opening = null;
    waiting.length = 0; // what they were for is not there
  }, OPENS_MS);
});

document.addEventListener("chosen", replay);
document.addEventListener("view-shown", shown);

const focusOn = (tile) => tile?.querySelector("[data-focus]")?.focus();

// A mark is painted at once, and as the app keeps it when it says so; where it refuses, or does not answer,
// as it was.
const SOON = 12_000;
const isOn = (control) => control?.getAttribute("aria-pressed") === "true";

const foreseen = (tile, key) => {
  const { soonFavourite, soonRejected } = tile.dataset;
  if (key === "f") return ["soonFavourite", soonFavourite !== "true" && !isOn(tile.querySelector(".bg-heart"))];
  if (key === "x") return ["soonRejected", soonRejected !== "true" && !isOn(tile.querySelector(".bg-cross"))];
  return ["soonStars", key];
};

const foresee = (tile, key) => {
  const [name, value] = foreseen(tile, key);
  tile.dataset[name] = value;
  const said = new MutationObserver(() => forget());
  const forget = () => {
    said.disconnect();
    clearTimeout(waiting);
    document.removeEventListener("marks-refused", forget);
    delete tile.dataset[name];
  };
  const waiting = setTimeout(forget, SOON);
  document.addEventListener("marks-refused", forget);
  said.observe(tile, { subtree: true, attributeFilter: ["aria-pressed", "data-rejected", "data-value"] });
};

export default {
  template: "<div><slot></slot></div>",
  emits: ["escape", "mark"],
  mounted() {
    scopes.push(this);
    document.addEventListener("keydown", this.press);
  },
  unmounted() {
    scopes.splice(scopes.indexOf(this), 1);
    this.leaving?.disconnect();
    document.removeEventListener("keydown", this.press);
  },
  methods: {
    press(event) {
      if (!this.listens(event)) return;
      if (mustWait(event)) {
        wait(event);
        return event.preventDefault();
      }
      const digit = digitOf(event.code);
      const isDigit = digit && !this.claimedBy(nameOf(event.key));
      const key = isDigit ? digit : nameOf(event.key);
      const control = this.claimedBy(key);
      if (control) this.use(control, key, MARKS.includes(key) && advances(event));
      else if (MARKED_BY_KEY.includes(key) && this.tile()?.matches("[data-marked]")) this.tell(key, advances(event));
      else if ((key in STEPS || key in ENDS) && this.roams()) this.move(key);
      else if (key === "Escape") return this.$emit("escape");
      else return;
      event.preventDefault();
    },
    listens(event) {
      const dialog = [...document.querySelectorAll(OPEN_DIALOG)].at(-1);
      if (event.repeat && !WHILE_HELD.includes(event.key)) return false;
      const elsewhere = scopes.at(-1) !== this || (dialog && !dialog.contains(this.$el));
      const held = event.ctrlKey || event.metaKey || (event.altKey && !opening && !waiting.length);
      if (elsewhere || held || event.defaultPrevented || event.target.closest(FIELD)) return false;
      const own = event.target.closest(CONTROL);
      return !(own && this.isOwnKey(event.key, own));
    },
    // Enter and Space belong to the control that has the focus; on a tile, Space selects it.
    isOwnKey(key, control) {
      return key === "Enter" || (key === " " && !control.matches("[data-focus]"));
    },
    claimedBy(key) {
      const claim = `[data-key~="${CSS.escape(key)}"]`;
      const forAll = this.$el.querySelector(`${claim}:not(:disabled, [data-tile] *, ${FOR_CHOSEN} *)`);
      const forChosen = this.$el.querySelector(`${FOR_CHOSEN} ${claim}`);
      return forAll ?? (forChosen && isShown(forChosen) ? forChosen : this.tile()?.querySelector(claim));
    },
    tile() {
      return this.$el.querySelector("[data-tile]:focus-within") ?? this.$el.querySelector("[data-tile]:hover");
    },
    tell(key, isNext) {
      const tile = this.tile();
      this.$emit("mark", [key, Number(tile.dataset.marked)]);
      if (isNext && key !== "u") focusOn(this.after(tile));
    },
    use(control, key, isNext) {
      const tile = control.closest("[data-tile]");
      const next = tile && this.after(tile);
      const other = next ?? (tile && this.before(tile));
      const hadFocus = tile?.matches(":focus-within");
      control.click();
      if (tile && MARKS.includes(key)) foresee(tile, key);
      if (!tile && isNext) this.claimedBy("ArrowRight")?.click();
      else if (isNext || key === "Delete") focusOn(isNext ? next : other);
      else if (hadFocus && other) this.followFrom(tile, other);
    },
    // A mark may take a picture out of those that are shown.
    followFrom(tile, next) {
      this.leaving?.disconnect();
      this.leaving = new MutationObserver(() => {
        if (isShown(tile)) return;
        this.leaving.disconnect();
        if (document.activeElement === document.body || tile.contains(document.activeElement))
          focusOn(next);
      });
      this.leaving.observe(tile, { attributeFilter: ["class", "style"] });
    },
    before(tile) {
      const tiles = this.tiles();
      return tiles[tiles.indexOf(tile) - 1];
    },
    after(tile) {
      const tiles = this.tiles();
      return tiles[tiles.indexOf(tile) + 1];
    },
    // On a page that is scrolled (data-scrolls), arrows move from a tile that has the focus.
    roams() {
      const isInside = this.$el.querySelector("[data-tile]:focus-within");
      return this.tiles().length > 0 && (isInside || !this.$el.matches("[data-scrolls]"));
    },
    move(key) {
      const tiles = this.tiles();
      if (key in ENDS) return focusOn(tiles.at(ENDS[key]));
      const at = tiles.findIndex((tile) => tile.matches(":focus-within"));
      const columns = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
      const by = STEPS[key] * (key === "ArrowUp" || key === "ArrowDown" ? columns : 1);
      const target = tiles[at < 0 ? 0 : at + by];
      focusOn(target);
    },
    tiles() {
      const shown = [...this.$el.querySelectorAll("[data-tile]")].filter(isShown);
      return shown.sort((one, other) => orderOf(one) - orderOf(other));
    },
  },
};
