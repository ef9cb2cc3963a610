// One picture, or two at the same zoom and the same spot, always: both are drawn from one scale and
// one offset. Scale is screen pixels per pixel of the first picture; the second is drawn into the
// first one's frame, so pictures of different sizes still show the same spot.
const FARTHEST = 32;
const PIXELS_SHOW_FROM = 3;
const KEY_PAN = 80;
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const placed = (offset, size, room) =>
  size <= room ? (room - size) / 2 : clamp(offset, room - size, 0);

export default {
  props: { pictures: Array, words: Object },
  emits: ["close", "favourite"],
  template: `
    <section class="bg-viewer" tabindex="-1" ref="root" @keydown="press">
      <div class="bg-panes" :data-mode="mode">
        <figure v-for="(layers, at) in panes" :key="at" ref="panes" class="bg-pane" @wheel.prevent="wheel"
             @pointerdown="grab" @pointermove="drag($event, at)" @pointerup="release"
             @pointercancel="release" @pointerleave="spot = null" @dblclick="toggle">
          <div v-for="(picture, depth) in layers" :key="picture.src" class="bg-layer"
               :style="depth ? { clipPath: 'inset(0 0 0 ' + wipe * 100 + '%)' } : null">
            <video v-if="plays(picture)" class="bg-film" :src="picture.src" :poster="picture.thumbnail" :aria-label="picture.alt"
                   :autoplay="moves" controls muted loop playsinline @pointerdown.stop @dblclick.stop @wheel.stop @error="broken.push(picture.src)"></video>
            <img v-else :src="picture.film ? picture.thumbnail : picture.src" :alt="picture.alt" :style="look(picture)" draggable="false">
          </div>
          <span v-if="spot && spot.at !== at" class="bg-spot" :style="{ left: spot.x + 'px', top: spot.y + 'px' }"></span>
          <div v-if="mode === 'wipe'" class="bg-wipe" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="100"
               :aria-valuenow="Math.round(wipe * 100)" :aria-label="words.wipe" :style="{ left: wipe * 100 + '%' }"
               @pointerdown.stop="hold" @pointermove.stop="slide" @keydown="nudge"></div>
          <figcaption v-for="picture in layers" :key="picture.index" class="bg-caption">
            <span>{{ picture.label }}</span>
            <span v-if="isPair && picture.rating" class="bg-rating" data-testid="rating" role="img"
                  :data-value="picture.rating" :aria-label="picture.stars">{{ "★".repeat(picture.rating) }}</span>
            <button v-if="isPair" type="button" class="bg-tool" data-testid="favourite" :aria-pressed="String(picture.favourite)"
                    :aria-label="words.favourite" :title="words.favourite" @pointerdown.stop @dblclick.stop
                    @click="$emit('favourite', picture.index)">
              <q-icon :name="picture.favourite ? 'favorite' : 'favorite_border'" aria-hidden="true" />
            </button>
          </figcaption>
        </figure>
      </div>
      <div class="bg-tools" role="toolbar" :aria-label="words.tools">
        <template v-if="!films">
        <button type="button" class="bg-tool" data-key="-" :title="words.out" :aria-label="words.out" @click="zoomBy(1 / 1.5)"><q-icon name="remove" aria-hidden="true" /></button>
        <button type="button" class="bg-tool bg-zoom" data-key="z" :title="words.whole" @click="toggle()">{{ percent }}</button>
        <button type="button" class="bg-tool" data-key="+ =" :title="words.in" :aria-label="words.in" @click="zoomBy(1.5)"><q-icon name="add" aria-hidden="true" /></button>
        </template>
        <template v-if="isPair">
          <button type="button" class="bg-tool" data-key="m" :title="words.mode" :aria-pressed="String(sliding)" @click="sliding = !sliding"><q-icon name="compare" aria-hidden="true" /><span>{{ words.slider }}</span></button>
          <button type="button" class="bg-tool" data-key="s" :title="words.swapHint" @click="swapped = !swapped"><q-icon name="swap_horiz" aria-hidden="true" /><span>{{ words.swap }}</span></button>
        </template>
        <button type="button" class="bg-tool bg-close" :title="words.close" :aria-label="words.close" @click="$emit('close')"><q-icon name="close" aria-hidden="true" /></button>
      </div>
    </section>
  `,
  data() {
    return { x: 0, y: 0, scale: 1, room: [1, 1], fits: true, sliding: false, swapped: false, wipe: 0.5, spot: null, broken: [] };
  },
  computed: {
    films() {
      return this.pictures.every(this.plays);
    },
    moves() {
      return !matchMedia("(prefers-reduced-motion: reduce)").matches;
    },
    isPair() {
      return this.pictures.length === 2;
    },
    mode() {
      return !this.isPair ? "single" : this.sliding ? "wipe" : "beside";
    },
    panes() {
      const shown = this.swapped ? [...this.pictures].reverse() : this.pictures;
      return this.mode === "wipe" ? [shown] : shown.map((picture) => [picture]);
    },
    frame() {
      return [this.pictures[0].width, this.pictures[0].height];
    },
    whole() {
      return Math.min(this.room[0] / this.frame[0], this.room[1] / this.frame[1]);
    },
    actual() {
      return 1 / window.devicePixelRatio;
    },
    percent() {
      return `${Math.round((this.scale / this.actual) * 100)} %`;
    },
  },
  watch: {
    mode() {
      this.$nextTick(this.watchRoom);
    },
    frame(now, before) {
      if (String(now) !== String(before)) this.fit();
    },
  },
  mounted() {
    this.touches = new Map();
    this.pointer = null;
    this.observer = new ResizeObserver(this.measure);
    this.watchRoom();
    this.$refs.root.focus({ preventScroll: true });
  },
  unmounted() {
    this.observer.disconnect();
  },
  methods: {
    plays(picture) {
      return picture.film && !this.broken.includes(picture.src);
    },
    look(picture) {
      const [width, height] = this.frame;
      return {
        width: `${width * this.scale}px`,
        height: `${height * this.scale}px`,
        transform: `translate(${this.x}px, ${this.y}px)`,
        backgroundImage: `url("${picture.thumbnail}")`,
        imageRendering: this.scale / this.actual >= PIXELS_SHOW_FROM ? "pixelated" : "auto",
      };
    },
    watchRoom() {
      this.observer.disconnect();
      this.observer.observe(this.$refs.panes[0]);
    },
    measure() {
      const { clientWidth, clientHeight } = this.$refs.panes[0];
      const [before, beforeHigh] = this.room;
      this.room = [clientWidth, clientHeight];
      if (this.fits) this.fit();
      else this.put(this.x + (clientWidth - before) / 2, this.y + (clientHeight - beforeHigh) / 2);
    },
    fit() {
      this.scale = this.whole;
      this.put(0, 0);
      this.fits = true;
    },
    put(x, y) {
      this.x = placed(x, this.frame[0] * this.scale, this.room[0]);
      this.y = placed(y, this.frame[1] * this.scale, this.room[1]);
    },
    zoomTo(scale, [px, py] = [this.room[0] / 2, this.room[1] / 2]) {
      const next = clamp(scale, Math.min(this.whole, this.actual), FARTHEST);
      const grown = next / this.scale;
      this.scale = next;
      this.put(px - (px - this.x) * grown, py - (py - this.y) * grown);
      this.fits = Math.abs(next - this.whole) < 1e-6;
    },
    zoomBy(factor, at) {
      this.zoomTo(Math.max(this.scale * factor, Math.min(this.scale, this.whole)), at);
    },
    toggle(event) {
      const at = event ? this.at(event) : (this.pointer ?? undefined);
      if (Math.abs(this.scale - this.actual) < 1e-6) this.fit();
      else this.zoomTo(this.actual, at);
    },
    at(event) {
      const pane = event.currentTarget.closest(".bg-pane").getBoundingClientRect();
      return [event.clientX - pane.left, event.clientY - pane.top];
    },
    wheel(event) {
      const strength = event.ctrlKey ? 0.01 : 0.0015;
      this.zoomBy(Math.exp(-event.deltaY * strength), this.at(event));
    },
    grab(event) {
      if (event.button) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      this.touches.set(event.pointerId, this.at(event));
    },
    drag(event, at) {
      const here = this.at(event);
      this.pointer = here;
      this.spot = event.pointerType === "mouse" ? { at, x: here[0], y: here[1] } : null;
      const from = this.touches.get(event.pointerId);
      if (!from) return;
      if (this.touches.size > 1) this.pinch(event.pointerId, from, here);
      else this.pan(here[0] - from[0], here[1] - from[1]);
      this.touches.set(event.pointerId, here);
    },
    pinch(id, from, here) {
      const [, other] = [...this.touches].find(([touch]) => touch !== id);
      const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
      const middle = [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2];
      this.zoomBy(apart(here) / Math.max(apart(from), 1), middle);
      this.pan((here[0] - from[0]) / 2, (here[1] - from[1]) / 2);
    },
    pan(dx, dy) {
      this.put(this.x + dx, this.y + dy);
    },
    release(event) {
      this.touches.delete(event.pointerId);
    },
    hold(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    slide(event) {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
      this.wipe = clamp(this.at(event)[0] / this.room[0], 0, 1);
    },
    nudge(event) {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      this.wipe = clamp(this.wipe + (event.key === "ArrowLeft" ? -0.02 : 0.02), 0, 1);
      event.preventDefault();
      event.stopPropagation();
    },
    press(event) {
      const way = this.isPair && ARROWS[event.key];
      if (!way) return;
      this.pan(way[0] * KEY_PAN, way[1] * KEY_PAN);
      event.preventDefault();
    },
  },
};
