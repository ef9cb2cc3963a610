// A grid of pictures that stands whole on the screen: as many columns, and tiles as high, as show them
// largest. Above so many that this would make stamps of them, as many rows as can be looked at. Where
// a picture has buttons of its own they stand below it, or beside it where that leaves it larger. People
// make the tiles larger or smaller than that (keys and buttons of the page, ctrl and the wheel, two
// fingers); this device remembers it.
const KEY = "batchgen.tile-size";
const STEP = 1.25;
const [SMALLEST, LARGEST] = [-6, 10]; // steps
const ROWS = 3; // that fit where not all do, on a wide screen
const ROWS_OF_PHONE = 2;
const MANY = 9; // pictures: up to here all of them fit
const BESIDE = 84; // px of a tile that its buttons take beside the picture, two by two, where a finger needs them
const BESIDE_HIGH = 80;
const LEAST = 48; // px: a picture is never lower
const WORTH = 1.1; // so much larger must pictures be for other columns than the usual ones
const [PHONE, NARROW] = [599, 899]; // px, as in choose.css
const BELOW = 16; // px free under the grid
const WHEEL = 40; // px of a turned wheel for one step

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

// Of all numbers of columns from `least` to `most` the one that shows pictures largest, the `usual` one
// where it is nearly as good; and how high a picture is there. `chrome` is what a tile has below it, `beside` what it has at its side.
export function fitted({ count, ratio, width, height, gap, chrome, beside = 0, usual, least, most, rows }) {
  const heightWith = (columns) => {
    const seen = Math.min(Math.ceil(count / columns), rows);
    const [wide, high] = [(width - gap * (columns - 1)) / columns, (height - gap * (seen - 1)) / seen];
    return Math.min(high - chrome, (wide - beside) / ratio);
  };
  const all = [];
  for (let columns = least; columns <= most; columns++) all.push({ columns, high: heightWith(columns) });
  // Where not all are seen and they are as large, more columns show more of them.
  const isMore = (one, other) => other.high === one.high && one.columns * rows < count;
  const isBetter = (one, other) => other.high > one.high || isMore(one, other);
  const best = all.reduce((one, other) => (isBetter(one, other) ? other : one));
  const asUsual = all.find((one) => one.columns === usual);
  const chosen = asUsual && asUsual.high * WORTH >= best.high ? asUsual : best;
  return { columns: chosen.columns, high: Math.max(LEAST, Math.floor(chosen.high)) };
}

// As many columns as there is room for, where somebody wants pictures `high`: of `width` at most.
export function sized(high, { count, ratio, width, gap, narrowest }) {
  const wide = clamp(high * ratio, narrowest, width);
  const columns = clamp(Math.floor((width + gap) / (wide + gap)), 1, count);
  return { columns, high: Math.floor(Math.min(high, width / ratio)) };
}

const remembered = () => clamp(Number(localStorage.getItem(KEY)) || 0, SMALLEST, LARGEST);
const isStatic = (element) => getComputedStyle(element).position === "static";
const apart = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);

export default {
  inheritAttrs: false,
  props: { ratio: Number },
  template: `
    <div v-bind="$attrs" :data-columns="columns ?? $attrs['data-columns']" :data-beside="isBeside || null"
         :style="room" @wheel="turn" @touchstart.passive="pinch" @touchmove="spread" @touchend.passive="release">
      <slot></slot>
    </div>
  `,
  data: () => ({ columns: null, high: null, wide: null, isBeside: false, steps: remembered() }),
  computed: {
    room() {
      if (!this.columns) return { "--ratio": this.ratio };
      const [columns, high, wide] = [this.columns, `${this.high}px`, `${this.wide}px`];
      return { "--ratio": this.ratio, "--columns": columns, "--picture": high, "--tile": wide };
    },
  },
  mounted() {
    this.turned = 0;
    this.fit();
    this.sizes = new ResizeObserver(this.fit);
    for (const seen of [this.$el, this.$el.parentElement, document.body]) this.sizes.observe(seen);
    this.tiles = new MutationObserver(this.follow);
    const attributeFilter = ["class", "style", "hidden"];
    this.tiles.observe(this.$el, { childList: true, subtree: true, attributeFilter });
    addEventListener("resize", this.fit);
    addEventListener("storage", this.hear);
    addEventListener("tile-size", this.step);
  },
  unmounted() {
    this.sizes.disconnect();
    this.tiles.disconnect();
    removeEventListener("resize", this.fit);
    removeEventListener("storage", this.hear);
    removeEventListener("tile-size", this.step);
  },
  methods: {
    shown() {
      return [...this.$el.children].filter((tile) => tile.getClientRects().length > 0);
    },
    // Tiles that come, go, hide; not what moves inside of them.
    follow(changes) {
      const isOfTile = ({ type, target }) =>
        type === "childList" ? target === this.$el : target.parentElement === this.$el;
      if (changes.some(isOfTile)) this.fit();
    },
    fit() {
      const count = this.shown().length;
      if (!count) return;
      const space = this.space(count);
      const [below, beside] = [fitted(space), fitted({ ...space, chrome: 0, beside: BESIDE })];
      const isLarger = beside.high >= Math.max(BESIDE_HIGH, below.high * WORTH);
      const isBeside = space.chrome > 0 && !this.steps && isLarger;
      const fits = isBeside ? beside : below;
      const wanted = fits.high * STEP ** this.steps;
      const made = this.steps ? sized(wanted, space) : fits;
      const cell = (space.width - space.gap * (made.columns - 1)) / made.columns;
      const wide = space.isFilled ? cell : Math.min(cell, Math.max(made.high * this.ratio, space.narrowest));
      Object.assign(this, { columns: made.columns, high: made.high, wide: Math.floor(wide), isBeside });
    },
    // Where much stands above the grid, it has half of the screen all the same.
    height() {
      const screen = document.documentElement.clientHeight;
      const above = this.$el.getBoundingClientRect().top + scrollY;
      return Math.max(screen - above - BELOW, screen / 2);
    },
    chrome() {
      if (this.isBeside) return this.below;
      const feet = [...this.$el.querySelectorAll(".bg-tile-foot")];
      const foot = feet.find((element) => element.offsetHeight > 0);
      this.below = foot && isStatic(foot) ? foot.offsetHeight : 0;
      return this.below;
    },
    space(count) {
      const screen = document.documentElement.clientWidth;
      const isFilled = screen <= NARROW || matchMedia("(hover: none)").matches;
      const [isPhone, isMany] = [screen <= PHONE, count > MANY];
      const columns = isPhone ? [isMany ? 2 : 1, 2] : count === 1 ? [1, 1] : [2, 4];
      return {
        count,
        ratio: this.ratio,
        width: this.$el.clientWidth,
        height: this.height(),
        gap: parseFloat(getComputedStyle(this.$el).columnGap),
        chrome: this.chrome(),
        usual: Number(this.$attrs["data-columns"]),
        least: columns[0],
        most: columns[1],
        rows: isMany ? (isPhone ? ROWS_OF_PHONE : ROWS) : MANY,
        narrowest: isFilled ? 160 : 112,
        isFilled,
      };
    },
    step({ detail }) {
      this.resize(detail);
    },
    resize(by) {
      this.steps = clamp(this.steps + by, SMALLEST, LARGEST);
      localStorage.setItem(KEY, this.steps);
      this.fit();
    },
    hear({ key }) {
      if (key !== KEY) return;
      this.steps = remembered();
      this.fit();
    },
    turn(event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.turned -= event.deltaY;
      const steps = Math.trunc(this.turned / WHEEL);
      this.turned -= steps * WHEEL;
      if (steps) this.resize(steps);
    },
    pinch({ touches }) {
      this.spreadFrom = touches.length === 2 ? apart(touches) : null;
    },
    spread(event) {
      if (!this.spreadFrom || event.touches.length !== 2) return;
      event.preventDefault();
      const steps = Math.trunc(Math.log(apart(event.touches) / this.spreadFrom) / Math.log(STEP));
      if (!steps) return;
      this.spreadFrom *= STEP ** steps;
      this.resize(steps);
    },
    release() {
      this.spreadFrom = null;
    },
  },
};
