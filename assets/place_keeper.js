// Remembers how far down a long page somebody was, for the way back to it.
const PILES = "[data-testid=gallery-item]";

function cameBack() {
  const [navigation] = performance.getEntriesByType("navigation");
  if (["back_forward", "reload"].includes(navigation?.type)) return true;
  return document.referrer.startsWith(`${location.origin}/batch/`);
}

export default {
  template: "<span hidden></span>",
  mounted() {
    this.left = JSON.parse(sessionStorage.getItem(location.pathname + location.search));
    if (this.left && cameBack()) this.$emit("back", this.left.piles);
    addEventListener("pagehide", this.keep);
  },
  unmounted() {
    removeEventListener("pagehide", this.keep);
  },
  methods: {
    keep() {
      const here = { top: scrollY, piles: document.querySelectorAll(PILES).length };
      sessionStorage.setItem(location.pathname + location.search, JSON.stringify(here));
    },
    async restore() {
      await this.$nextTick();
      scrollTo(0, this.left.top);
    },
  },
};
