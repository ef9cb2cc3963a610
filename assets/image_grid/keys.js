// What keys and controls of the grid do: moving, choosing, judging. A key is for all that is chosen, else
// for the picture that has the focus, or that is pointed at where none has it.
import { isCleanWanted, kindWanted } from "batchgen-downloads/device.js";
import { stepped } from "batchgen-images/layout.js";

const TYPING = "textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=range])";
const OPEN_DIALOG = ".q-dialog__inner:not([class*='-leave-active'])";
const MOVES = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"];
const HELD = [...MOVES, "+", "-", "="];
const ADVANCE = "batchgen.advance";

// With Shift, and on some keyboards without it, a key with a digit means something else, too.
const digitOf = (code) => /^(?:Digit|Numpad)([0-5])$/.exec(code ?? "")?.[1];
const nameOf = ({ key }) => (key.length === 1 ? key.toLowerCase() : key);
const advances = (event) =>
  event.shiftKey || event.getModifierState("CapsLock") || localStorage.getItem(ADVANCE) === "on";

export default {
  methods: {
    press(event) {
      if (!this.listens(event)) return;
      const key = digitOf(event.code) ?? nameOf(event);
      const isInside = this.$refs.grid.contains(document.activeElement);
      const does = event.ctrlKey || event.metaKey ? { a: () => this.chooseAll() }[key] : this.deed(key, event, isInside);
      if (!does) return;
      event.preventDefault();
      this.once(does);
    },
    // A key waits until it is known what is chosen: else it would be for another picture.
    once(does) {
      if (this.choosing) this.choosing.then(does);
      else does();
    },
    listens(event) {
      if (event.altKey || event.defaultPrevented || event.isComposing) return false;
      if (event.repeat && !HELD.includes(event.key)) return false;
      if (document.querySelector(OPEN_DIALOG)) return false;
      const { target } = event;
      return !(target instanceof Element && target.closest(TYPING));
    },
    deed(key, event, isInside) {
      const isElsewhere = !isInside && document.activeElement?.closest("button, a, input, [role=slider], [role=listbox]");
      if (MOVES.includes(key)) return isElsewhere ? null : this.mover(event, isInside);
      const own = { Enter: () => this.open(this.at), " ": () => this.choose("toggle", this.at) };
      if (key in own) return isInside ? own[key] : null;
      const judge = (what, value) => () => this.judge(what, value, advances(event));
      const deeds = {
        f: judge("favourite"), x: judge("reject"), u: () => this.takeBack(), "+": () => this.resize(this.wanted + 20),
        "=": () => this.resize(this.wanted + 20), "-": () => this.resize(this.wanted - 20), c: () => this.compare(),
        t: () => this.collect(), d: () => this.download(), Delete: () => this.remove(), Escape: this.escape(),
      };
      return /^[0-5]$/.test(key) ? judge("rate", Number(key)) : deeds[key];
    },
    // Outside of the grid, keys scroll the page as ever; the first arrow leads into what is seen.
    mover(event, isInside) {
      if (!this.total) return null;
      if (!isInside) return event.key.startsWith("Arrow") ? () => this.focusOn(this.first) : null;
      const to = stepped(event.key, this.at, this.layout, this.total);
      if (event.shiftKey) return () => this.chooseTo(to);
      return () => this.focusOn(to);
    },
    chooseTo(position) {
      if (this.anchor === undefined) this.anchor = this.at;
      this.focusOn(position);
      this.choose("upTo", position);
    },
    async focusOn(position) {
      this.at = position;
      if (this.layout.rowOf(position) === 0) scrollTo(0, 0);
      const [top, bottom] = [this.layout.topOf(position), this.layout.topOf(position) + this.layout.side];
      const seen = this.layout.topAt(this.top());
      const high = innerHeight - this.above();
      if (top < seen) this.goToTop(top);
      else if (bottom > seen + high) this.goToTop(bottom - high + this.layout.stride / 4);
      await this.$nextTick();
      this.cell(position)?.focus({ preventScroll: true });
    },
    goToTop(top) {
      scrollTo(0, Math.round(this.gridTop() - this.above() + this.layout.scrolledTo(top)));
      this.look();
    },
    idAt(position) {
      return this.pages.at(position)?.id;
    },
    // The chosen ones, else the one that is meant.
    meant() {
      if (this.chosen.size) return [...this.chosen];
      const hasFocus = this.$refs.grid.contains(document.activeElement);
      const id = this.idAt(hasFocus || this.hot === null ? this.at : this.hot);
      return id && (hasFocus || this.hot !== null) ? [id] : [];
    },
    choose(how, position) {
      return this.choosesBy(() => this.chosenBy(how, position));
    },
    choosesBy(way) {
      const choosing = way().finally(() => {
        if (this.choosing === choosing) this.choosing = null;
      });
      this.choosing = choosing;
      return choosing;
    },
    async chosenBy(how, position) {
      const id = this.idAt(position);
      const next = new Set(this.chosen);
      if (how === "upTo") {
        const [from, to] = [this.anchor ?? position, position].sort((one, other) => one - other);
        const ids = await this.pages.ids(from, to - from + 1);
        for (const known of ids ?? this.pages.knownIds(from, to)) next.add(known);
      } else if (id) {
        this.anchor = position;
        if (!next.delete(id)) next.add(id);
      }
      this.at = position;
      this.chosen = next;
    },
    chooseAll() {
      return this.choosesBy(async () => {
        const asked = this.pages.asked;
        const ids = await this.pages.ids();
        if (ids && asked === this.pages.asked) this.chosen = new Set(ids);
      });
    },
    escape() {
      if (this.frame) return () => this.dropFrame();
      return this.chosen.size || this.choosing ? () => this.chooseNone() : null;
    },
    chooseNone() {
      this.chosen = new Set();
      this.anchor = undefined;
    },
    markChosen(what, value) {
      this.mark([...this.chosen], what, value);
    },
    judge(what, value, goesOn) {
      const ids = this.meant();
      if (!ids.length) return;
      const isOne = !this.chosen.size;
      this.mark(ids, what, value);
      if (isOne && goesOn && this.at < this.total - 1) this.focusOn(this.at + 1);
    },
    mark(ids, what, value) {
      this.pages.foresee(ids, this.foreseen(ids, what, value));
      this.$emit("mark", { ids: packed(ids), what, value: value ?? 0 });
    },
    // As the app does it: all of them, or none where all were.
    foreseen(ids, what, value) {
      if (what === "rate") return { rating: value };
      const name = what === "favourite" ? "favourite" : "rejected";
      const wanted = new Set(ids);
      const known = [...this.pages.known()].filter(({ id }) => wanted.has(id)).map((image) => this.pages.look(image));
      return { [name]: !(known.length === ids.length && known.every((image) => image[name])) };
    },
    takeBack() {
      const [id, ...others] = this.meant();
      if (id && !others.length) this.$emit("unmark", id);
    },
    open(position) {
      this.at = position;
      const id = this.idAt(position);
      if (id) this.openImage(id);
    },
    openImage(id) {
      this.$emit("open", { id, query: this.pages.asked });
    },
    compare() {
      const ids = [...this.chosen];
      if (ids.length >= 2) this.$emit("compare", { ids: ids.slice(0, this.most), of: ids.length });
    },
    collect() {
      const ids = this.meant();
      if (!ids.length) return;
      window.opensField?.();
      this.$emit("collect", packed(ids));
    },
    download() {
      const ids = this.meant();
      if (ids.length) this.$emit("download", { images: packed(ids), kind: kindWanted(), clean: isCleanWanted() });
    },
    remove() {
      const ids = this.meant();
      if (!this.mayDelete || !ids.length) return;
      this.chooseNone();
      this.$emit("delete", packed(ids));
    },
    // The app asks for it, when a view that covered the page has gone; what is not found any more stood at
    // that place.
    async focusOnImage(id, place) {
      const position = (await this.pages.locate(id)) ?? Math.min(place, this.total - 1);
      await this.focusOn(Math.max(0, position));
    },
  },
};

// Ids of pictures as the numbers of each batch: there may be as many as the gallery has.
function packed(ids) {
  const batches = {};
  for (const id of ids) {
    const cut = id.lastIndexOf("-");
    (batches[id.slice(0, cut)] ??= []).push(Number(id.slice(cut + 1)));
  }
  return batches;
}
