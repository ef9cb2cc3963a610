// Zoom and pan of what has a `frame` (its width and height), in the room of the element `pane`.
import { actual, fitted, kept, larger, panned, whole, zoomed } from "batchgen-zooming/zoom.js";

const TRACKPAD_PINCH = 0.01; // comes as a wheel with Ctrl
const WHEEL = 0.0015;

export default {
  data() {
    return { view: fitted([1, 1], [1, 1]), room: [1, 1] };
  },
  computed: {
    fits() {
      return this.view.fits;
    },
    percent() {
      return `${Math.round((this.view.scale / actual()) * 100)} %`;
    },
  },
  watch: {
    frame(now, before) {
      if (String(now) !== String(before)) this.fit();
    },
  },
  mounted() {
    this.pointer = null;
    this.observer = new ResizeObserver(this.measure);
    this.observer.observe(this.$refs.pane);
  },
  unmounted() {
    this.observer.disconnect();
  },
  methods: {
    measure() {
      const { clientWidth, clientHeight } = this.$refs.pane;
      this.room = [clientWidth, clientHeight];
      if (this.fits) this.fit();
      else this.put(this.view);
    },
    put(view) {
      const fits = Math.abs(view.scale - whole(this.frame, this.room)) < 1e-6;
      this.view = { ...kept(view, this.frame, this.room), fits };
    },
    fit() {
      this.view = fitted(this.frame, this.room);
    },
    zoomTo(scale, at) {
      this.put(zoomed(this.view, scale, this.frame, this.room, at));
    },
    zoomBy(factor, at) {
      this.put(larger(this.view, factor, this.frame, this.room, at));
    },
    pan(by) {
      this.put(panned(this.view, by));
    },
    toggle(event) {
      const at = event ? this.spot(event) : (this.pointer ?? undefined);
      if (Math.abs(this.view.scale - actual()) < 1e-6) this.fit();
      else this.zoomTo(actual(), at);
    },
    spot(event) {
      const pane = this.$refs.pane.getBoundingClientRect();
      return [event.clientX - pane.left, event.clientY - pane.top];
    },
    wheel(event) {
      const strength = event.ctrlKey ? TRACKPAD_PINCH : WHEEL;
      this.zoomBy(Math.exp(-event.deltaY * strength), this.spot(event));
    },
    pinch(id, from, here) {
      const [, other] = [...this.touches].find(([touch]) => touch !== id);
      const apart = (one) => Math.hypot(one[0] - other[0], one[1] - other[1]);
      const middle = [(here[0] + other[0]) / 2, (here[1] + other[1]) / 2];
      this.zoomBy(apart(here) / Math.max(apart(from), 1), middle);
      this.pan([(here[0] - from[0]) / 2, (here[1] - from[1]) / 2]);
    },
  },
};
