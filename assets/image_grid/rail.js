// The months of what was found, at the side, each as long as it has pictures: a click or a drag leads
// there, and it says in which month one is.
const APART = 26; // px: names are not nearer to each other

const parsed = (month) => new Date(`${month}-15T12:00:00`);

export default {
  props: { months: Array, total: Number, at: Number, isMoving: Boolean, words: Object },
  emits: ["jump"],
  template: `
    <div class="bg-rail" ref="rail" role="slider" tabindex="0" aria-orientation="vertical" data-testid="date-rail"
         :aria-label="words.rail" aria-valuemin="1" :aria-valuemax="months.length" :aria-valuenow="current + 1" :aria-valuetext="label(current)"
         @pointerdown.prevent="grab" @pointermove="drag" @pointerup="letGo" @pointercancel="letGo" @keydown="press">
      <span v-for="mark in marks" :key="mark.month" class="bg-rail-mark" aria-hidden="true" :data-year="mark.isYear || null" :style="{ top: mark.top + '%' }">{{ mark.text }}</span>
      <span class="bg-rail-here" aria-hidden="true" :data-shown="String(isDragged || isMoving)" :style="{ top: share(at) + '%' }"><span>{{ label(current) }}</span></span>
    </div>
  `,
  data: () => ({ isDragged: false, high: 400 }),
  computed: {
    // Where each month begins.
    starts() {
      let before = 0;
      return this.months.map(([, count]) => (before += count) - count);
    },
    current() {
      const after = this.starts.findIndex((start) => start > this.at);
      return (after < 0 ? this.months.length : after) - 1;
    },
    marks() {
      const marks = [];
      let [last, year] = [-Infinity, ""];
      for (const [place, [month]] of this.months.entries()) {
        const top = this.share(this.starts[place]);
        const isYear = month.slice(0, 4) !== year;
        year = month.slice(0, 4);
        const isFree = ((top - last) * this.high) / 100 >= APART;
        if (!isFree && !(isYear && marks.length && !marks.at(-1).isYear && marks.length > 1)) continue;
        if (!isFree) marks.pop();
        last = top;
        marks.push({ month, top, isYear, text: isYear ? year : this.short.format(parsed(month)) });
      }
      return marks;
    },
    short() {
      return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { month: "short" });
    },
    long() {
      return new Intl.DateTimeFormat(document.documentElement.lang || undefined, { month: "long", year: "numeric" });
    },
  },
  mounted() {
    this.sizes = new ResizeObserver(() => (this.high = this.$refs.rail?.clientHeight || this.high));
    this.sizes.observe(this.$refs.rail);
  },
  unmounted() {
    this.sizes.disconnect();
  },
  methods: {
    share(position) {
      return this.total ? (100 * Math.min(position, this.total - 1)) / this.total : 0;
    },
    label(place) {
      const month = this.months[place]?.[0];
      return month ? this.long.format(parsed(month)) : "";
    },
    grab(event) {
      this.isDragged = true;
      this.$refs.rail.setPointerCapture(event.pointerId);
      this.$refs.rail.focus({ preventScroll: true });
      this.drag(event);
    },
    drag({ clientY }) {
      if (!this.isDragged) return;
      const { top, height } = this.$refs.rail.getBoundingClientRect();
      const share = Math.min(1, Math.max(0, (clientY - top) / height));
      this.$emit("jump", Math.min(this.total - 1, Math.floor(share * this.total)));
    },
    letGo() {
      this.isDragged = false;
    },
    press(event) {
      const last = this.months.length - 1;
      const to = { ArrowUp: this.current - 1, ArrowDown: this.current + 1, Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      this.$emit("jump", this.starts[Math.max(0, Math.min(last, to))]);
    },
  },
};
