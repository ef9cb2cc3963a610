// Up to nine pictures beside each other, at the same zoom and the same spot, always; two of them also
// under a slider, as their difference, or one in the other's place. Which are shown, and which of them is
// active, is the browser's own; what is thought of a picture is told to the app, which tells what it is.
import { markRaw, reactive } from "vue";
import { arranged } from "batchgen-light-table/arrange.js";
import { challenger, kept, leftOff, looked, NOTHING_KEPT, putBy, taken } from "batchgen-light-table/duel.js";
import Films from "batchgen-light-table/films.js";
import { Hands } from "batchgen-light-table/hands.js";
import Keys from "batchgen-light-table/keys.js";
import { Mover } from "batchgen-light-table/mover.js";
import Pane from "batchgen-light-table/pane.js";
import Ranking from "batchgen-light-table/ranking.js";
import Tools from "batchgen-light-table/tools.js";
import Wipe from "batchgen-light-table/wipe.js";
import { actual, keyPan } from "batchgen-zooming/zoom.js";

const STEP = 1.5;
const AHEAD = 4; // pictures that are decoded before they are wanted

export default {
  components: { Films, Keys, Pane, Ranking, Tools, Wipe },
  props: { images: Array, first: Array, frame: Array, words: Object, keys: Array, mayDelete: Boolean, begin: String },
  emits: ["close", "favourite", "rate", "reject", "unmark", "delete"],
  template: `
    <section class="bg-viewer bg-table" data-testid="light-table" tabindex="-1" ref="root" :data-mode="mode" :data-count="panes.length"
             @keydown="press" @keyup="letGo">
      <div class="bg-stage-panes" ref="stage" :style="grid" :data-mode="mode">
        <Pane v-for="(pane, at) in panes" :key="pane.place" :picture="pane.picture" :other="isPair ? panes[1 - at].picture : undefined"
              :place="pane.place" :mover="mover" :hands="hands" :is-active="pane.place === activePlace" :is-held="isHeld && (isStacked ? at === 1 : pane.place === activePlace)"
              :plays="plays" :sounds="sounds" :clip="mode === 'wipe' && at && !isHeld ? 'inset(0 0 0 ' + wipe * 100 + '%)' : ''" :words="words"
              @choose="active = pane.place" @favourite="$emit('favourite', pane.id)" @reject="$emit('reject', pane.id)" />
        <div class="bg-stage-top">
          <label v-if="mode === 'difference'" class="bg-aloft" :title="words.boost"><q-icon name="brightness_6" aria-hidden="true" />
            <input type="range" min="1" max="16" v-model.number="boost" :aria-label="words.boost" @keydown.stop @pointerup="$refs.root.focus()"></label>
          <p v-if="isRefused" class="bg-aloft" role="status" data-testid="no-difference">{{ words.noDifference }}</p>
          <Films v-if="hasFilm && !ranked.length" v-model="plays" v-model:sounds="sounds" :words="words" :stage="() => $refs.stage" @done="$refs.root.focus()" />
        </div>
        <div v-if="mode === 'difference' && !isHeld" class="bg-boosted" :style="{ backdropFilter: 'brightness(' + boost + ')' }"></div>
        <Wipe v-if="mode === 'wipe' && !isHeld" v-model="wipe" :words="words" :stage="() => $refs.stage" />
      </div>
      <Ranking v-if="ranked.length" :pictures="ranked" :words="words" @best="(what, value) => mark(ranked[0].id, what, value)" @open="show" />
      <Keys v-if="helps" :keys="keys" :words="words" @close="closeHelp" />
      <Tools :words="words" :seen="seen" :picture="current?.picture" :is-pair="isPair" :mode="isRefused ? wanted : mode" :is-held="isHeld" :duel="duel"
             :left="left" :may-delete="mayDelete" :is-ranked="ranked.length > 0" :may-go-on="mayGoOn" @do="(what) => this[what]()" @mode="mode = $event"
             @hold="isHeld = $event" @mark="(what, value) => mark(current.id, what, value)" />
    </section>
  `,
  data() {
    return {
      shown: [...this.first], active: 0, wanted: this.begin || "beside", wipe: 0.5, boost: 4, isHeld: false, helps: false,
      plays: !matchMedia("(prefers-reduced-motion: reduce)").matches, sounds: false, // all films
      duel: NOTHING_KEPT, leftOff: leftOff(this.images), ranking: [], room: [1, 1], seen: reactive({ percent: 100 }),
    };
  },
  computed: {
    byId() {
      return new Map(this.images.map((picture) => [picture.id, picture]));
    },
    // What was thrown away comes back into its place.
    panes() {
      const all = this.shown.map((id, place) => ({ id, place, picture: this.byId.get(id) }));
      return all.filter(({ picture }) => picture && picture.status !== "deleted");
    },
    isPair() {
      return this.panes.length === 2 && this.ranking.length === 0;
    },
    mode: {
      get() {
        return this.isPair && !this.isRefused ? this.wanted : "beside";
      },
      set(mode) {
        this.wanted = mode;
      },
    },
    isStacked() {
      return this.mode !== "beside";
    },
    current() {
      return this.panes.find(({ place }) => place >= this.active) ?? this.panes.at(-1);
    },
    activePlace() {
      return this.current?.place;
    },
    // As wide as the widest picture and as high as the highest: each is drawn into it.
    drawnIn() {
      const known = this.panes.map(({ picture }) => picture).filter(({ src }) => src);
      const most = (side) => Math.max(...known.map((picture) => picture[side]));
      return known.length ? [most("width"), most("height")] : this.frame;
    },
    hasFilm() {
      return this.panes.some(({ picture }) => picture.film);
    },
    // What moves is another picture at each moment.
    differs() {
      return !this.panes.some(({ picture }) => picture.film || picture.moves);
    },
    isRefused() {
      return this.isPair && this.wanted === "difference" && !this.differs;
    },
    layout() {
      return arranged(this.isStacked ? 1 : this.panes.length, this.drawnIn, this.room);
    },
    grid() {
      const { columns, rows } = this.layout;
      return { gridTemplate: `repeat(${rows}, minmax(0, 1fr)) / repeat(${columns}, minmax(0, 1fr))` };
    },
    ranked() {
      return this.ranking.map((id) => this.byId.get(id)).filter((picture) => picture?.src);
    },
    // To a comparison that was left, also by a reload.
    mayGoOn() {
      return this.leftOff !== null && !this.duel.earlier.length;
    },
    // How many are to be had that were not compared.
    left() {
      const seen = [...this.shown, ...this.duel.beaten];
      return this.images.filter(({ id, status, rejected }) => status === "completed" && !rejected && !seen.includes(id)).length;
    },
  },
  watch: {
    duel(duel) {
      if (duel.earlier.length) putBy(this.images, { duel, shown: this.shown, ranking: this.ranking });
    },
    layout: "lookAgain",
    drawnIn: "lookAgain",
    images: "decodeAhead",
    shown: "decodeAhead",
    "panes.length"(count) {
      if (!count) this.close();
      else if (count === 1 && this.duel.beaten.length && !this.ranking.length) this.fillGap();
    },
  },
  created() {
    this.mover = markRaw(new Mover((percent) => (this.seen.percent = percent)));
    // With Shift, only the pane under the hand.
    this.hands = markRaw(new Hands(
      (place, factor, at, { shiftKey }) => this.mover.zoomBy(place, factor, at, shiftKey),
      (place, by, { shiftKey }) => this.mover.pan(place, by, shiftKey),
    ));
    this.ahead = new Map();
    this.away = () => (this.isHeld = false);
  },
  mounted() {
    this.observer = new ResizeObserver(() => {
      this.room = [this.$refs.stage.clientWidth, this.$refs.stage.clientHeight];
    });
    this.observer.observe(this.$refs.stage);
    addEventListener("blur", this.away);
    this.$refs.root.focus({ preventScroll: true });
    this.decodeAhead();
    document.dispatchEvent(new Event("view-shown"));
  },
  unmounted() {
    removeEventListener("blur", this.away);
    this.observer.disconnect();
    this.mover.leave();
  },
  methods: {
    lookAgain() {
      this.mover.measure(this.drawnIn, this.layout.cell);
    },
    // So that the next one is there at once.
    decodeAhead() {
      const next = [];
      const others = () => [...this.shown, ...this.duel.beaten, ...next.map(({ id }) => id)];
      for (let found; next.length < AHEAD && (found = challenger(this.images, this.current?.id, others()))?.src; ) next.push(found);
      this.ahead = new Map(next.filter(({ film }) => !film).map(({ src }) => [src, this.ahead.get(src) ?? this.decoded(src)]));
    },
    decoded(src) {
      const picture = new Image();
      picture.src = src;
      picture.decode().catch(() => {}); // the pane shows that it cannot be had
      return picture;
    },
    mark(id, what, value) {
      this.$emit(what, value === undefined ? id : [id, value]);
    },
    show(ids) {
      const duel = looked(this.duel, this.shown, this.ranking);
      Object.assign(this, { shown: ids, active: 0, duel, ranking: [] });
      this.$refs.root.focus({ preventScroll: true });
    },
    // In the place of the active one, the next that is not shown, or the one before it.
    exchange(step) {
      const found = this.current && challenger(this.images, this.current.id, this.shown, step);
      if (found) this.shown = this.shown.with(this.activePlace, found.id);
    },
    next() {
      this.exchange(1);
    },
    previous() {
      this.exchange(-1);
    },
    keep(at) {
      const ids = this.panes.map(({ id }) => id);
      const { duel, shown, ranking } = kept(this.duel, this.images, ids, at);
      Object.assign(this, { duel, shown: shown ?? ids, ranking: ranking ?? [] });
    },
    // One of two that are being compared was thrown away: the next one takes its place.
    fillGap() {
      const [stays] = this.panes;
      const gap = this.shown.findIndex((id) => id !== stays.id);
      const found = challenger(this.images, this.shown[gap], [...this.shown, ...this.duel.beaten]);
      if (found) this.shown = this.shown.with(gap, found.id);
      else this.ranking = [stays.id, ...this.duel.beaten];
    },
    goOn() {
      Object.assign(this, this.leftOff);
    },
    keepLeft() {
      this.keep(0);
    },
    keepRight() {
      this.keep(1);
    },
    back() {
      Object.assign(this, taken(this.duel));
      this.$refs.root.focus({ preventScroll: true });
    },
    swap() {
      const [left, right] = this.panes.map(({ id }) => id);
      const active = this.panes.findIndex(({ place }) => place === this.activePlace);
      Object.assign(this, { shown: [right, left], active: 1 - active });
    },
    fit() {
      this.mover.fit();
    },
    toggle() {
      this.mover.toggle(...this.pointed());
    },
    twice() {
      const [place, at] = this.pointed();
      this.mover.zoomTo(place, 2 * actual(), at);
    },
    in() {
      this.mover.zoomBy(this.activePlace, STEP);
    },
    out() {
      this.mover.zoomBy(this.activePlace, 1 / STEP);
    },
    // At which pane the mouse points, and where; otherwise the middle of the active one.
    pointed() {
      const { place, at } = this.mover.pointed;
      return at ? [place, at] : [this.activePlace];
    },
    // Where marks are to be followed by the next picture, too (keys.js).
    nextPane() {
      const at = this.panes.findIndex(({ place }) => place === this.activePlace);
      this.focusPane(this.panes[(at + 1) % this.panes.length]);
    },
    focusPane({ place }) {
      this.mover.panes.get(place).focus({ preventScroll: true });
    },
    help() {
      this.helps = !this.helps;
    },
    closeHelp() {
      this.helps = false;
      this.$refs.root.focus({ preventScroll: true });
    },
    close() {
      this.$emit("close");
    },
    press(event) {
      if (this.ranked.length || event.ctrlKey || event.metaKey) return;
      if (this.choosesPane(event) || this.holds(event) || this.exchanges(event) || this.pans(event)) event.preventDefault();
    },
    choosesPane({ altKey, code }) {
      const pane = altKey && /^(Digit|Numpad)[1-9]$/.test(code) ? this.panes[Number(code.at(-1)) - 1] : undefined;
      if (pane) this.focusPane(pane);
      return pane !== undefined;
    },
    holds({ key, altKey }) {
      if (altKey || key.toLowerCase() !== "b" || !this.isPair) return false;
      this.isHeld = true;
      return true;
    },
    exchanges({ key, shiftKey, altKey }) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[key];
      if (!shiftKey || altKey || !step) return false;
      this.exchange(step);
      return true;
    },
    pans({ key, altKey }) {
      const by = !altKey && keyPan(key);
      if (by) this.mover.pan(this.activePlace, by);
      return Boolean(by);
    },
    letGo({ key }) {
      if (key.toLowerCase() === "b") this.isHeld = false;
    },
  },
};
