// Shows the newest of a row of pictures. One loads at a time, and what comes meanwhile waits for it:
// on a slow line frames are passed over, never queued. A picture is shown when it is decoded, and one
// that cannot be had is passed over, so there is always one to see.
async function decoded(src) {
  const picture = new Image();
  picture.src = src;
  try {
    await picture.decode();
    return true;
  } catch {
    return false;
  }
}

export default {
  props: { src: String, alt: String },
  template: `<img :src="shown" :alt="alt">`,
  data() {
    return { shown: undefined, loading: false };
  },
  watch: { src: { handler: "load", immediate: true } },
  methods: {
    async load() {
      if (this.loading || !this.src) return;
      this.loading = true;
      const wanted = this.src;
      if (await decoded(wanted)) this.shown = wanted;
      this.loading = false;
      if (this.src !== wanted) this.load();
    },
  },
};
