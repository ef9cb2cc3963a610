// A key presses the control that claims it with data-key, so nothing works by keyboard alone. In a
// tile ([data-tile]) controls act on that tile: the one with the focus, else the one under the
// pointer. Only the latest scope on the page listens, and never while someone types.
const scopes = [];
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1 };
const FIELD = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";
const CONTROL = "button, a, [role=button], [role=checkbox], [role=slider], input";

// Any other is pressed once, however long it is held down.
const WHILE_HELD = [...Object.keys(STEPS), "+", "=", "-"];

// Not one that is fading away.
const OPEN_DIALOG = ".q-dialog__inner:not([class*='-leave-active'])";

const nameOf = (key) => (key === " " ? "Space" : key.length === 1 ? key.toLowerCase() : key);
const isShown = (element) => element.getClientRects().length > 0;

export default {
  template: "<div><slot></slot></div>",
  emits: ["escape"],
  mounted() {
    scopes.push(this);
    document.addEventListener("keydown", this.press);
  },
  unmounted() {
    scopes.splice(scopes.indexOf(this), 1);
    document.removeEventListener("keydown", this.press);
  },
  methods: {
    press(event) {
      if (!this.listens(event)) return;
      const key = nameOf(event.key);
      const control = this.claimedBy(key);
      if (control) this.use(control, key);
      else if (key in STEPS && this.tiles().length) this.move(key);
      else if (key === "Escape") return this.$emit("escape");
      else return;
      event.preventDefault();
    },
    listens(event) {
      const dialog = [...document.querySelectorAll(OPEN_DIALOG)].at(-1);
      if (event.repeat && !WHILE_HELD.includes(event.key)) return false;
      const elsewhere = scopes.at(-1) !== this || (dialog && !dialog.contains(this.$el));
      const held = event.ctrlKey || event.metaKey || event.altKey;
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
      const tile =
        this.$el.querySelector("[data-tile]:focus-within") ?? this.$el.querySelector("[data-tile]:hover");
      const forAll = this.$el.querySelector(`${claim}:not(:disabled, [data-tile] *)`);
      return forAll ?? tile?.querySelector(claim);
    },
    use(control, key) {
      const tile = control.closest("[data-tile]");
      const next = tile && key === "Delete" ? this.after(tile) : null;
      control.click();
      next?.querySelector("[data-focus]")?.focus();
    },
    after(tile) {
      const tiles = this.tiles();
      const at = tiles.indexOf(tile);
      return tiles[at + 1] ?? tiles[at - 1];
    },
    move(key) {
      const tiles = this.tiles();
      const at = tiles.findIndex((tile) => tile.matches(":focus-within"));
      const columns = tiles.filter((tile) => tile.offsetTop === tiles[0].offsetTop).length;
      const by = STEPS[key] * (key === "ArrowUp" || key === "ArrowDown" ? columns : 1);
      const target = tiles[at < 0 ? 0 : at + by];
      target?.querySelector("[data-focus]")?.focus();
    },
    tiles() {
      return [...this.$el.querySelectorAll("[data-tile]")].filter(isShown);
    },
  },
};
