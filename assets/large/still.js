// A picture with so many pixels that a browser takes long to draw it: as large as it is seen whole,
// and drawn on another thread, ahead.
const MOST_PIXELS = 4_500_000;
const RESIZED_MS = 200;

export const isHuge = (picture) =>
  picture.width * picture.height > MOST_PIXELS && !picture.film && !picture.moves && picture.src !== picture.thumbnail;

export default {
  props: { picture: Object, wide: Number },
  emits: ["drawn", "failed"],
  template: '<canvas ref="canvas" role="img" :aria-label="picture.alt"></canvas>',
  mounted() {
    this.draw();
  },
  watch: {
    wide() {
      clearTimeout(this.changing);
      this.changing = setTimeout(this.draw, this.fetching ? RESIZED_MS : 0);
    },
  },
  unmounted() {
    clearTimeout(this.changing);
    this.fetching?.abort();
  },
  methods: {
    async draw() {
      if (this.wide <= 1) return; // its room is not known yet
      this.fetching?.abort();
      const { signal } = (this.fetching = new AbortController());
      try {
        const whole = await (await fetch(this.picture.src, { signal })).blob();
        const resizeWidth = Math.min(this.picture.width, Math.ceil(this.wide * devicePixelRatio));
        const small = await createImageBitmap(whole, { resizeWidth, resizeQuality: "high" });
        if (signal.aborted) return;
        const { canvas } = this.$refs;
        [canvas.width, canvas.height] = [small.width, small.height];
        canvas.getContext("bitmaprenderer").transferFromImageBitmap(small);
        this.$emit("drawn");
      } catch {
        if (!signal.aborted) this.$emit("failed");
      }
    },
  },
};
