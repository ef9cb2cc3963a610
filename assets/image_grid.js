// All pictures that a query finds, as a grid of which only what is in sight is in the page. The page
// itself scrolls; the grid has the height of all rows from the start, and each picture its place.
import { markRaw } from "vue";
import Faulty from "batchgen-files/faulty.js";
import Bar from "batchgen-images/bar.js";
import Finding from "batchgen-images/finding.js";
import Framing from "batchgen-images/framing.js";
import { Hands } from "batchgen-images/hands.js";
import Keys from "batchgen-images/keys.js";
import { Layout } from "batchgen-images/layout.js";
import { Pages } from "batchgen-images/pages.js";
import { dropFirstSeen, hadRail, keepGridPlace, keepPlace, leftPlace } from "batchgen-images/place.js";
import Rail from "batchgen-images/rail.js";
import Sizes from "batchgen-images/sizes.js";

const MORE = 2; // rows on each side that are not in sight
const BESIDE = 12; // px between the header and the rail
const RESTS_MS = 700; // after this long, nobody scrolls any more

export default {
  components: { Bar, Rail },
  mixins: [Faulty, Finding, Framing, Keys, Sizes],
  props: { query: String, words: Object, most: Number, mayDelete: Boolean },
  emits: ["found", "mark", "unmark", "open", "collect", "compare", "download", "delete"],
  template: `
    <div class="bg-images" data-testid="image-grid" :data-total="total" :data-rail="String(hasRail || expectsRail)">
      <label class="bg-density" :title="words.size"><q-icon name="photo_size_select_large" aria-hidden="true" />
        <input type="range" :min="smallest" :max="largest" step="10" :value="wanted" :aria-label="words.size" data-testid="density"
               @input="resize(Number($event.target.value))"></label>
      <p v-if="trouble !== null" class="bg-images-trouble" role="status" data-testid="grid-trouble">{{ trouble || words.noAnswer }}</p>
      <div ref="grid" class="bg-images-grid" role="grid" aria-multiselectable="true" :aria-label="words.grid"
           :aria-rowcount="layout?.rows ?? 0" :aria-colcount="layout?.columns ?? 0"
           :style="{ height: (layout?.height ?? 0) + 'px' }" @wheel="turn" @touchstart.passive="pinch" @touchmove="spread"
           @pointerdown="beginFrame" @pointermove="move" @pointerup="endFrame" @pointercancel="leave"
           @pointerleave="hot = null" @contextmenu="hands.menu($event)">
        <div v-if="frame" class="bg-lasso" aria-hidden="true" :style="lasso"></div>
        <div v-for="row in rows" :key="row.number" role="row" class="bg-images-row" :aria-rowindex="row.number + 1" :style="row.style">
          <div v-for="cell in row.cells" :key="cell.position" role="gridcell" class="bg-image" data-testid="gallery-image"
               :data-at="cell.position" :data-id="cell.image?.id" :data-rejected="cell.image?.rejected || null"
               :data-caught="isCaught(cell.position) || null"
               :tabindex="cell.position === at ? 0 : -1" :aria-label="label(cell.image)" :aria-selected="String(chosen.has(cell.image?.id))"
               :aria-colindex="cell.position % layout.columns + 1" @pointerdown="hands.down($event, cell.position)" @pointerup="hands.letGo()"
               @pointerenter="hot = cell.position"
               @click="hands.click($event, cell.position)" @focus="at = cell.position">
            <fault v-if="cell.image && isFaulty(cell.image.thumbnail)" :key="cell.image.id" :image="cell.image.id" :src="cell.image.thumbnail"
                   @again="lookAgainAt(cell.image.thumbnail)"></fault>
            <img v-else-if="cell.image" :src="cell.image.thumbnail" alt="" decoding="async" draggable="false" @error="fails(cell.image.thumbnail)">
            <span v-if="cell.image && marksOf(cell.image)" class="bg-image-marks" aria-hidden="true">{{ marksOf(cell.image) }}</span>
            <span v-if="cell.image && (cell.position === hot || chosen.has(cell.image.id))" class="bg-image-tick" aria-hidden="true"
                  @click.stop="choose('toggle', cell.position)"></span>
          </div>
        </div>
      </div>
      <Rail v-if="hasRail" :months="months" :total="total" :at="first" :is-moving="isMoving" :words="words"
            :style="{ '--above': railTop + 'px' }" @jump="jump" />
      <Bar v-if="chosen.size" :count="chosen.size" :may-delete="mayDelete" :words="words"
           @do="(what) => this[what]()" @mark="markChosen" />
    </div>
  `,
  data: () => ({
    version: 0, total: 0, layout: null, range: [0, 0], shift: 0, first: 0, at: 0, hot: null,
    chosen: new Set(), isMoving: false, railTop: 64, trouble: null, expectsRail: hadRail(),
  }),
  computed: {
    hasRail() {
      return this.months.length > 1;
    },
    // Those in sight, and the one that has the focus, wherever it is.
    rows() {
      if (!this.layout || this.version < 0) return [];
      const numbers = [];
      for (let number = this.range[0]; number < this.range[1]; number++) numbers.push(number);
      const own = this.layout.rowOf(this.at);
      if (own < this.layout.rows && !numbers.includes(own)) numbers.push(own);
      return numbers.map((number) => this.row(number));
    },
  },
  created() {
    this.pages = markRaw(new Pages(() => this.show(), (told) => this.tell(told), () => this.look()));
    const isChoosing = () => this.chosen.size > 0;
    const open = (position) => this.open(position);
    this.hands = markRaw(new Hands({ choose: (how, position) => this.choose(how, position), open, isChoosing }));
  },
  async mounted() {
    window.opensImage = (id) => this.openImage(id);
    this.heard = new AbortController();
    const { signal } = this.heard;
    const hear = (target, type, handler, options) => target.addEventListener(type, handler, { signal, ...options });
    hear(window, "scroll", this.scrolled, { passive: true });
    hear(window, "storage", this.hearSize);
    hear(window, "pagehide", () => this.keep());
    hear(document, "keydown", this.press);
    hear(document, "input", this.typed, { capture: true });
    this.sizes = new ResizeObserver(() => this.fit());
    for (const seen of [this.$refs.grid, document.documentElement]) this.sizes.observe(seen);
    const left = leftPlace();
    this.fit();
    await this.find(this.query, left);
    await this.$nextTick();
    dropFirstSeen();
  },
  unmounted() {
    delete window.opensImage;
    this.heard.abort();
    this.dropFrame();
    this.sizes.disconnect();
    this.pages.abort();
  },
  methods: {
    row(number) {
      const { columns, stride, side } = this.layout;
      const cells = [];
      for (let position = number * columns; position < Math.min(this.total, (number + 1) * columns); position++)
        cells.push({ position, image: this.pages.look(this.pages.at(position)) });
      const top = number * stride + this.shift;
      return { number, cells, style: { transform: `translateY(${top}px)`, "--columns": columns, "--side": `${side}px` } };
    },
    label(image) {
      if (!image) return this.words.waiting;
      const told = { prompt: image.prompt, index: image.index, seed: image.seed };
      const said = [this.words.image.replace(/\{(\w+)\}/g, (_, name) => told[name])];
      if (image.favourite) said.push(this.words.isFavourite);
      if (image.rating) said.push(this.words.stars[image.rating - 1]);
      if (image.rejected) said.push(this.words.isRejected);
      return said.join(", ");
    },
    marksOf(image) {
      const marks = [image.favourite ? "♥" : "", "★".repeat(image.rating), image.rejected ? this.words.isRejected : ""];
      return marks.filter(Boolean).join(" ");
    },
    // The cell that has the focus keeps it, where its picture has moved.
    moveFocus(position) {
      const hasFocus = this.$refs.grid.contains(document.activeElement);
      if (position === this.at) return;
      this.at = position;
      if (hasFocus) this.$nextTick(() => this.cell(position)?.focus({ preventScroll: true }));
    },
    show() {
      this.version++;
      this.trouble = this.pages.trouble;
      if (this.total === this.pages.total) return;
      this.total = this.pages.total;
      this.fit();
    },
    // Lay out anew; what was at the upper edge stays there.
    fit(wanted = this.wanted) {
      const [before, first, offset] = [this.layout, this.first, this.layout ? this.offset() : 0];
      const { clientWidth } = this.$refs.grid;
      const next = new Layout(clientWidth, innerHeight, wanted, this.total);
      const isSame = before && ["columns", "side", "rows", "view"].every((name) => before[name] === next[name]);
      this.wanted = wanted;
      if (isSame) return;
      this.layout = markRaw(next);
      const isMoved = before && before.columns !== next.columns && first >= before.columns;
      if (isMoved) this.$nextTick(() => this.goTo(first, offset));
      this.look();
    },
    gridTop() {
      return this.$refs.grid.getBoundingClientRect().top + scrollY;
    },
    // What lies over the upper edge of the page.
    above() {
      return document.querySelector(".bg-header")?.offsetHeight ?? 0;
    },
    top() {
      return scrollY + this.above() - this.gridTop();
    },
    scrolled() {
      this.isMoving = true;
      clearTimeout(this.resting);
      this.resting = setTimeout(() => (this.isMoving = false), RESTS_MS);
      if (!this.waits) this.waits = requestAnimationFrame(() => this.look());
    },
    move(event) {
      this.hands.move(event);
      this.moveFrame(event);
    },
    leave() {
      this.hands.letGo();
      this.dropFrame();
    },
    // See what is in sight now.
    look() {
      this.waits = null;
      if (!this.layout) return;
      const scrolled = Math.max(0, this.top());
      const top = this.layout.topAt(scrolled);
      this.shift = scrolled - top;
      this.railTop = Math.round(Math.max(this.above() + BESIDE, this.gridTop() - scrollY));
      const range = this.layout.rowsIn(top, MORE);
      if (range[0] !== this.range[0] || range[1] !== this.range[1]) this.range = range;
      const first = this.layout.rowAt(top) * this.layout.columns;
      this.first = Math.min(first, Math.max(0, this.total - 1));
      const { columns } = this.layout;
      this.drawFrame();
      this.pages.need(range[0] * columns, Math.min(this.total, range[1] * columns), this.at);
    },
    // How far a row has gone over the upper edge.
    offset() {
      return this.layout.topAt(Math.max(0, this.top())) - this.layout.topOf(this.first);
    },
    // Have a position at the upper edge.
    goTo(position, offset = 0, focus = null) {
      this.$refs.grid.style.height = `${this.layout.height}px`;
      const scrolled = this.layout.scrolledTo(this.layout.topOf(position) + offset);
      scrollTo(0, Math.round(this.gridTop() - this.above() + scrolled));
      if (focus !== null) this.at = Math.min(position + focus, this.total - 1);
      this.look();
    },
    jump(position) {
      this.goTo(position);
    },
    // The window of our own saves what a link of the page is for.
    save(address) {
      const link = document.createElement("a");
      Object.assign(link, { href: address, download: "" });
      document.body.append(link);
      link.click();
      link.remove();
    },
    place() {
      const id = this.pages.at(this.first)?.id;
      return this.top() > 0 && id ? { id, offset: this.offset(), focus: this.at - this.first } : null;
    },
    keep() {
      keepPlace(this.place());
      if (this.total) keepGridPlace(this.$refs.grid, this.layout.columns, this.hasRail);
    },
    cell(position) {
      return this.$refs.grid.querySelector(`[data-at="${position}"]`);
    },
  },
};
