// What is looked for, and when: what is typed at once, the months after it, and the same again whenever
// something has changed, or could not be had.
const CHANGES_MS = 150; // news that come together are looked after once
const MONTHS_MS = 250;
const TELL_MS = 60; // what was found is painted before anything is said about it

const normal = (query) => {
  const asked = new URLSearchParams(query);
  asked.sort();
  return asked.toString();
};

export default {
  data: () => ({ months: [] }),
  watch: {
    query: {
      handler() {
        if (this.isBehind()) return;
        this.find(this.query);
      },
      flush: "post",
    },
  },
  unmounted() {
    clearTimeout(this.again);
    clearTimeout(this.changes);
    clearTimeout(this.monthsSoon);
    clearTimeout(this.telling);
  },
  methods: {
    tell(found) {
      clearTimeout(this.telling);
      this.telling = setTimeout(() => this.$emit("found", found), TELL_MS);
    },
    // What is typed is looked for at once, without a way to the app's page and back.
    typed({ target }) {
      if (target !== this.field()) return;
      const asked = new URLSearchParams(this.query);
      const text = target.value.trim();
      if (text) asked.set("q", text);
      else asked.delete("q");
      this.find(asked.toString());
    },
    field() {
      const marked = document.querySelector("[data-testid=gallery-search]");
      return marked?.matches("input") ? marked : marked?.querySelector("input");
    },
    // Whether somebody has typed more since.
    isBehind() {
      const field = this.field();
      const asked = new URLSearchParams(this.query).get("q") ?? "";
      return field === document.activeElement && field.value.trim() !== asked;
    },
    async find(query, left) {
      if (normal(query) === this.pages.asked) return;
      const found = await this.pages.find(normal(query), left?.id);
      if (found === undefined) return;
      if (found === null) return this.findLater(query, left);
      this.chosen = new Set();
      this.at = 0;
      if (found.position != null) this.goTo(found.position, left.offset, left.focus);
      else if (scrollY > this.gridTop()) scrollTo(0, Math.max(0, this.gridTop() - this.above()));
      this.look();
      this.loadMonths();
    },
    // The app may be away for a moment.
    findLater(query, left) {
      this.pages.asked = null;
      clearTimeout(this.again);
      this.again = setTimeout(() => this.pages.asked ?? this.find(query, left), this.pages.pause());
    },
    // What is typed comes first.
    loadMonths(soon = MONTHS_MS) {
      clearTimeout(this.monthsSoon);
      this.monthsSoon = setTimeout(this.askMonths, soon);
    },
    async askMonths() {
      const asked = this.pages.asked;
      const isByTime = /^(|newest|oldest)$/.test(new URLSearchParams(asked).get("sort") ?? "");
      const months = isByTime ? await this.pages.months() : [];
      if (asked !== this.pages.asked) return;
      if (months) [this.months, this.expectsRail] = [months, false];
      else this.loadMonths(this.pages.pause());
    },
    // The app says that something has changed, here or elsewhere.
    changed(soon = CHANGES_MS) {
      clearTimeout(this.changes);
      this.changes = setTimeout(this.refresh, soon);
    },
    // What was to be changed was not.
    failed() {
      this.pages.forget();
      this.changed();
    },
    async refresh() {
      const atTop = this.top() <= 0;
      const anchor = atTop ? null : this.pages.at(this.first)?.id;
      const [total, count] = [this.total, (this.range[1] - this.range[0]) * this.layout.columns];
      let focused; // keys may lead elsewhere while the app is asked
      const by = await this.pages.refresh(anchor, this.first, count, () => (focused = this.idAt(this.at)));
      if (by === null) return this.changed(this.pages.pause());
      if (by) this.goTo(this.first + by, this.offset());
      const again = this.pages.positionOf(focused);
      if (again !== undefined) this.moveFocus(again);
      else this.moveFocus(Math.min(this.at + by, Math.max(0, this.total - 1)));
      this.look();
      if (this.total !== total) this.loadMonths();
    },
  },
};
