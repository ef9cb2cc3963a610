// Shows the newest of a row of pictures. One loads at a time, and what comes meanwhile waits for it:
// on a slow line frames are passed over, never queued, and the picture never flickers.
export default {
  props: { src: String, alt: String },
  template: `<img :src="shown" :alt="alt" decoding="async" @load="next" @error="next">`,
  data() {
    return { shown: this.src, loading: Boolean(this.src), waiting: undefined };
  },
  watch: {
    src(src) {
      if (this.loading && src) this.waiting = src;
      else this.show(src);
    },
  },
  methods: {
    show(src) {
      this.shown = src || undefined;
      this.loading = Boolean(src);
      this.waiting = undefined;
    },
    next() {
      this.loading = false;
      if (this.waiting) this.show(this.waiting);
    },
  },
};
