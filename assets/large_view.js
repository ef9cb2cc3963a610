// One picture of many, as large as it goes, and a strip of those around it. Its neighbours are loaded and
// decoded ahead, so the next one is there at once: the page changes the picture itself and tells the
// app which one is seen. Of very many pictures, only those around it are known here: the first of them is
// the one at the place `start` of `total`.
import Faulty from "batchgen-files/faulty.js";
import Fingers, { wantsNoMotion } from "batchgen-large/fingers.js";
import Soon from "batchgen-large/soon.js";
import Still, { isHuge } from "batchgen-large/still.js";
import Zoom from "batchgen-large/zoom.js";
import { actual, corner, fitted, PIXELS_SHOW_FROM, whole } from "batchgen-zooming/zoom.js";

const AHEAD = 2; // on each side: five pictures are kept at most
const PAGE = 5;
const SETTLES_MS = 80;

export default {
  components: { still: Still },
  mixins: [Zoom, Soon, Fingers, Faulty],
  props: {
    pictures: Array, wanted: Array, words: Object, marks: Boolean, address: String,
    start: { type: Number, default: 0 }, total: Number,
  },
  emits: ["see", "keep", "reject", "reach", "close"],
  template: `
    <section class="bg-viewer" tabindex="-1" ref="root">
      <div class="bg-panes" data-mode="single">
        <figure ref="pane" class="bg-pane" :data-zoomed="String(!fits)" @wheel.prevent="wheel"
             @pointerdown="grab" @pointermove="drag" @pointerup="release"
             @pointercancel="letGo" @dblclick="toggle">
          <div v-for="layer in layers" :key="layer.picture.key + layer.picture.src" class="bg-layer"
               :data-offset="layer.offset" :aria-hidden="layer.offset ? 'true' : null" :style="place(layer.offset)">
            <fault v-if="isFaulty(layer.picture.src)" acts :image="layer.picture.id" :src="layer.picture.src" @again="lookAgainAt(layer.picture.src)"></fault>
            <video v-else-if="!layer.offset && plays(layer.picture)" class="bg-film" :src="layer.picture.src" :poster="layer.picture.thumbnail" :aria-label="layer.picture.alt"
                   :autoplay="moves" controls muted loop playsinline @pointerdown="grabFilm" @dblclick.stop @wheel.stop @error="breaks(layer.picture)"></video>
            <template v-else>
              <still v-if="isStill(layer.picture)" :picture="layer.picture" :wide="wholeWidth(layer.picture)" :style="look(layer.picture)"
                     @drawn="note(layer.picture)" @failed="undrawn.push(layer.picture.src)"></still>
              <img v-if="isInFull(layer)" :src="layer.picture.film ? layer.picture.thumbnail : layer.picture.src" :alt="layer.picture.alt"
                   :style="look(layer.picture)" :fetchpriority="layer.offset ? 'low' : 'high'"
                   :decoding="layer.offset || isStill(layer.picture) ? 'async' : 'sync'"
                   draggable="false" @load="keep($event, layer.picture)" @error="misses(layer.picture)">
            </template>
          </div>
          <div v-if="current && isMarked(current)" class="bg-large-marks" aria-hidden="true">{{ starsOf(current) }}<q-icon v-if="marked(current).rejected" name="block" /></div>
          <div v-if="hint" class="bg-hint-swipe" :data-will="hint.what" :data-armed="String(hint.isArmed)">
            <q-icon :name="hint.icon" aria-hidden="true" /><span>{{ words[hint.what] }}</span>
          </div>
        </figure>
        <button type="button" class="bg-tool bg-arrow bg-ArrowLeft" data-key="ArrowLeft" :disabled="isFirst"
                :title="words.previous" :aria-label="words.previous" @click="go(-1)"><q-icon name="chevron_left" aria-hidden="true" /></button>
        <button type="button" class="bg-tool bg-arrow bg-ArrowRight" data-key="ArrowRight" :disabled="isLast"
                :title="words.next" :aria-label="words.next" @click="go(1)"><q-icon name="chevron_right" aria-hidden="true" /></button>
      </div>
      <div v-if="pictures.length > 1" ref="strip" class="bg-filmstrip" data-testid="filmstrip" role="group" :aria-label="words.strip">
        <button v-if="start" type="button" class="bg-frame bg-frame-end" data-key="Home" tabindex="-1"
                :title="words.first" :aria-label="words.first" @click="$emit('reach', 0)"><q-icon name="first_page" aria-hidden="true" /></button>
        <button v-for="(picture, place) in pictures" :key="picture.key" type="button" class="bg-frame"
                :data-index="picture.index" :data-picture="picture.key" :data-key="keyOf(place)" :aria-current="picture.key === at ? 'true' : null"
                :data-rejected="String(marked(picture).rejected)" :tabindex="picture.key === at ? 0 : -1"
                :aria-label="picture.label" :title="picture.title" @click="see(picture.key)">
          <fault v-if="isFaulty(picture.thumbnail)" :image="picture.id" :src="picture.thumbnail" @again="lookAgainAt(picture.thumbnail)"></fault>
          <img v-else :src="picture.thumbnail" alt="" loading="lazy" decoding="async" draggable="false" @error="fails(picture.thumbnail)">
          <span class="bg-frame-number" aria-hidden="true">{{ total ? start + place + 1 : picture.index }}</span>
          <span v-if="isMarked(picture)" class="bg-frame-marks" aria-hidden="true">{{ starsOf(picture) }}<q-icon v-if="marked(picture).rejected" name="block" /></span>
        </button>
        <button v-if="start + pictures.length < total" type="button" class="bg-frame bg-frame-end" data-key="End" tabindex="-1"
                :title="words.last" :aria-label="words.last" @click="$emit('reach', total - 1)"><q-icon name="last_page" aria-hidden="true" /></button>
      </div>
      <div class="bg-tools" role="toolbar" :aria-label="words.tools">
        <template v-if="current && !plays(current)">
          <button type="button" class="bg-tool" data-key="-" :title="words.out" :aria-label="words.out" @click="zoomBy(1 / 1.5)"><q-icon name="remove" aria-hidden="true" /></button>
          <button type="button" class="bg-tool bg-zoom" data-key="z" :title="words.whole" @click="toggle()">{{ percent }}</button>
          <button type="button" class="bg-tool" data-key="+ =" :title="words.in" :aria-label="words.in" @click="zoomBy(1.5)"><q-icon name="add" aria-hidden="true" /></button>
        </template>
        <button type="button" class="bg-tool bg-close" :title="words.close" :aria-label="words.close" @click="$emit('close')"><q-icon name="close" aria-hidden="true" /></button>
      </div>
    </section>
  `,
  data() {
    return {
      at: this.wanted[0], settledAt: this.wanted[0],
      loaded: {}, broken: [], undrawn: [],
    };
  },
  computed: {
    moves: () => !wantsNoMotion(),
    place_() {
      return this.pictures.findIndex((picture) => picture.key === this.at);
    },
    isFirst() {
      return this.start + this.place_ <= 0;
    },
    isLast() {
      return this.place_ === this.pictures.length - 1 && !(this.start + this.pictures.length < this.total);
    },
    current() {
      return this.pictures[this.place_];
    },
    // What is seen comes first: further neighbours are loaded a moment after it is there.
    layers() {
      const isThere = this.loaded[this.current?.src] || (this.current && this.plays(this.current));
      const mayLoad = isThere && this.settledAt === this.at;
      return this.pictures
        .map((picture, place) => ({ picture, offset: place - this.place_ }))
        .filter(({ offset }) => this.current && Math.abs(offset) <= AHEAD)
        .filter(({ picture, offset }) => !offset || mayLoad || this.loaded[picture.src]);
    },
    frame() {
      return this.current ? [this.current.width, this.current.height] : [1, 1];
    },
  },
  watch: {
    "wanted.1"() {
      this.show(this.wanted[0]);
    },
    pictures(now, before) {
      if (!this.current) this.leave(before);
    },
    start() {
      this.$nextTick(this.reveal);
    },
  },
  mounted() {
    this.$refs.root.focus({ preventScroll: true });
    this.reveal();
    document.dispatchEvent(new Event("view-shown"));
  },
  unmounted() {
    clearTimeout(this.settling);
  },
  methods: {
    plays(picture) {
      return picture.film && !this.broken.includes(picture.src);
    },
    isMarked(picture) {
      return this.starsOf(picture) || this.marked(picture).rejected;
    },
    starsOf(picture) {
      const { favourite, rating } = this.marked(picture);
      return [favourite && "♥", rating && `★ ${rating}`].filter(Boolean).join(" ");
    },
    isStill(picture) {
      return isHuge(picture) && !this.undrawn.includes(picture.src);
    },
    // Of a still, there is more to see from near.
    isInFull({ picture, offset }) {
      return !this.isStill(picture) || (!offset && !this.fits);
    },
    wholeWidth(picture) {
      const frame = [picture.width, picture.height];
      return frame[0] * whole(frame, this.room);
    },
    note(picture) {
      this.loaded = { ...this.loaded, [picture.src]: true };
    },
    breaks(picture) {
      this.broken.push(picture.src);
      this.failsIfFaulty(picture.src, picture);
    },
    misses(picture) {
      this.note(picture);
      this.fails(picture.src);
    },
    keep(event, picture) {
      const note = () => this.note(picture);
      this.failsIfCut(picture.src, picture);
      event.target.decode().then(note, note);
    },
    // Of the same size, at the same spot: so is the next one when it comes.
    look(picture) {
      const frame = [picture.width, picture.height];
      const view = String(frame) === String(this.frame) ? this.view : fitted(frame, this.room);
      const [x, y] = corner(view, this.room);
      return {
        width: `${frame[0] * view.scale}px`,
        height: `${frame[1] * view.scale}px`,
        transform: `translate(${x}px, ${y}px)`,
        backgroundImage: `url("${picture.thumbnail}")`,
        imageRendering: view.scale / actual() >= PIXELS_SHOW_FROM ? "pixelated" : "auto",
      };
    },
    keyOf(place) {
      const last = this.pictures.length - 1;
      const back = Math.max(0, this.place_ - PAGE), ahead = Math.min(last, this.place_ + PAGE);
      const keys = { Home: this.start ? null : 0, End: this.start + last + 1 < this.total ? null : last, PageUp: back, PageDown: ahead };
      return Object.keys(keys).filter((key) => keys[key] === place).join(" ") || null;
    },
    go(step) {
      const next = this.pictures[this.place_ + step];
      if (next) this.see(next.key);
      else if (!(step < 0 ? this.isFirst : this.isLast)) this.$emit("reach", this.start + this.place_ + step);
    },
    see(key) {
      if (key === this.at) return;
      this.show(key);
      this.$emit("see", key);
    },
    show(key) {
      this.at = key;
      this.springs = false;
      this.$nextTick(this.reveal);
      clearTimeout(this.settling);
      this.settling = setTimeout(this.settle, SETTLES_MS);
      if (this.address) window.viewIsAt?.(this.address + key);
    },
    settle() {
      const near = this.layers.map(({ picture }) => picture.src).filter((src) => this.loaded[src]);
      this.loaded = Object.fromEntries(near.map((src) => [src, true]));
      this.settledAt = this.at;
    },
    // It is gone: the one behind it, else the one before.
    leave(before) {
      const rest = before.slice(before.findIndex((picture) => picture.key === this.at));
      const there = new Set(this.pictures.map((picture) => picture.key));
      const next = rest.find((picture) => there.has(picture.key)) ?? this.pictures.at(-1);
      if (next) this.see(next.key);
    },
    reveal() {
      const strip = this.$refs.strip;
      const frame = strip?.querySelector("[aria-current=true]");
      if (frame) strip.scrollLeft = frame.offsetLeft - (strip.clientWidth - frame.offsetWidth) / 2;
    },
    judge(verdict) {
      this.foresee({ favourite: verdict === "keep", rejected: verdict === "reject" });
      this.$emit(verdict, this.at);
    },
  },
};
