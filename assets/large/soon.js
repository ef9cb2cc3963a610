// Marks that were just given to the picture that is seen are shown at once, until the app says the same;
// where it refuses, or does not answer, as it was.
const SOON = 12_000;

const foreseen = (key, { favourite, rejected }) => {
  if (key === "f") return { favourite: !favourite };
  if (key === "x") return { rejected: !rejected };
  return /^[0-5]$/.test(key ?? "") ? { rating: Number(key) } : null;
};

export default {
  data() {
    return { soon: {} }; // by key
  },
  computed: {
    soonHere() {
      return this.soon[this.at] ?? {};
    },
  },
  watch: {
    pictures: "forgetKept",
    soonHere({ favourite, rejected, rating }) {
      Object.assign(this.detail.dataset, { soonFavourite: favourite ?? "", soonRejected: rejected ?? "", soonStars: rating ?? "" });
    },
  },
  mounted() {
    this.waiting = new Map();
    this.detail = this.$el.closest(".bg-detail");
    this.detail.addEventListener("click", this.foreseeClick);
    document.addEventListener("marks-refused", this.forgetAll);
  },
  unmounted() {
    this.detail.removeEventListener("click", this.foreseeClick);
    document.removeEventListener("marks-refused", this.forgetAll);
    for (const timer of this.waiting.values()) clearTimeout(timer);
  },
  methods: {
    marked(picture) {
      return { ...picture, ...this.soon[picture.key] };
    },
    // Keys click what they are for (keys.js).
    foreseeClick({ target }) {
      const given = this.current && foreseen(target.closest("[data-key]")?.dataset.key, this.marked(this.current));
      if (given) this.foresee(given);
    },
    foresee(given) {
      const key = this.at;
      this.soon = { ...this.soon, [key]: { ...this.soon[key], ...given } };
      clearTimeout(this.waiting.get(key));
      this.waiting.set(key, setTimeout(() => (this.soon = { ...this.soon, [key]: {} }), SOON));
    },
    forgetAll() {
      this.soon = {};
    },
    forgetKept() {
      const left = ({ key, ...kept }) =>
        Object.entries(this.soon[key] ?? {}).filter(([name, value]) => kept[name] !== value);
      this.soon = Object.fromEntries(this.pictures.map((picture) => [picture.key, Object.fromEntries(left(picture))]));
    },
  },
};
