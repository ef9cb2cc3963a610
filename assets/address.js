// The address says which batch a page has come to show, without loading it anew; Back and Forward, to
// what it does not show, do.
export default {
  props: { path: String },
  template: "<span hidden></span>",
  watch: {
    path(path) {
      if (path === location.pathname) return;
      history.pushState(null, "", path);
      this.shown = path;
    },
  },
  mounted() {
    this.shown = location.pathname;
    addEventListener("popstate", this.come);
  },
  unmounted() {
    removeEventListener("popstate", this.come);
  },
  methods: {
    come() {
      if (location.pathname !== this.shown) location.reload();
    },
  },
};
