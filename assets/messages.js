// Where messages are shown: inside the topmost dialog, so that nothing lies above them and Tab
// reaches them, else on the page; beside the picture that was acted on.
const DIALOG = ".q-dialog__inner:not([class*='-leave-active'])";
const PANES = ".bg-panes";
const PLACE = "[data-tile], .bg-pile";
const FRESH = 10_000;
const EDGE = 16;

const EVERYWHERE = { left: "", top: "", bottom: "", transform: "" };

const clamp = (value, low, high) => Math.max(low, Math.min(value, high));

export default {
  template: `
    <div hidden>
      <Teleport :to="host">
        <section ref="box" class="bg-messages"><slot></slot></section>
      </Teleport>
    </div>
  `,
  data() {
    return { host: "body" };
  },
  mounted() {
    this.layers = new MutationObserver(this.settle);
    this.layers.observe(document.body, { childList: true });
    this.said = new MutationObserver(this.place); // before it is painted
    this.shape = new ResizeObserver(this.place);
    this.said.observe(this.$refs.box, { childList: true });
    document.addEventListener("click", this.remember, true);
    addEventListener("resize", this.forget);
    this.settle();
  },
  unmounted() {
    this.layers.disconnect();
    this.said.disconnect();
    this.shape.disconnect();
    document.removeEventListener("click", this.remember, true);
    removeEventListener("resize", this.forget);
  },
  methods: {
    // It may be gone when the message comes.
    remember(event) {
      const place = event.target.closest(PLACE);
      this.acted = place && { box: place.getBoundingClientRect(), at: performance.now() };
    },
    forget() {
      this.acted = null;
      this.settle();
    },
    // A dialog is in the page one turn after its place.
    async settle() {
      await new Promise((done) => setTimeout(done));
      this.host = [...document.querySelectorAll(DIALOG)].at(-1) ?? "body";
      await this.$nextTick();
      this.place();
    },
    place() {
      const { box } = this.$refs;
      if (box) Object.assign(box.style, EVERYWHERE, box.childElementCount ? this.beside() : null);
    },
    // In a large view at the foot of the picture, elsewhere over the place of the picture that was
    // acted on: what stands around it is needed for the next one.
    beside() {
      const panes = this.host === "body" ? null : this.host.querySelector(PANES);
      const place = panes ? this.shapeOf(panes) : this.recentPlace();
      if (!place) return null;
      const { offsetWidth: wide, offsetHeight: high } = this.$refs.box;
      const x = clamp(place.left + (place.width - wide) / 2, EDGE, innerWidth - wide - EDGE);
      const y = panes ? place.bottom - high - EDGE : place.top + (place.height - high) / 2;
      return {
        left: `${x}px`, top: `${clamp(y, EDGE, innerHeight - high - EDGE)}px`,
        bottom: "auto", transform: "none",
      };
    },
    recentPlace() {
      return this.acted && performance.now() - this.acted.at < FRESH ? this.acted.box : null;
    },
    // As it is now, and again whenever it becomes another one.
    shapeOf(panes) {
      if (panes !== this.watched) {
        this.shape.disconnect();
        this.shape.observe(panes);
        this.watched = panes;
      }
      return panes.getBoundingClientRect();
    },
  },
};
