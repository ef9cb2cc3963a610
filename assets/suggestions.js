// What a search may go on with, under its field: arrows go through it, Tab or Enter takes one. "/" leads
// to the field from anywhere on the page, Escape closes the list, then clears the field, then leaves it.
const RESTS_MS = 90; // the search itself comes first
const TYPING = "textarea, select, [contenteditable=true], input:not([type=checkbox], [type=radio], [type=range])";
const OPEN_DIALOG = ".q-dialog__inner:not([class*='-leave-active'])";

let lists = 0;

export default {
  props: { address: String, label: String },
  template: `
    <ul v-show="isOpen" class="bg-suggestions" role="listbox" data-testid="suggestions" :aria-label="label">
      <li v-for="(one, place) in found" :key="one.text" :id="name + '-' + place" role="option" class="bg-suggestion" data-testid="suggestion" dir="auto"
          :aria-selected="String(place === at)" @pointerdown.prevent @click="take(one)"><span>{{ one.shown }}</span><span v-if="one.hint" class="bg-muted">{{ one.hint }}</span></li>
    </ul>
  `,
  data: () => ({ found: [], at: -1, isWanted: false, name: `suggestions-${++lists}` }),
  computed: {
    isOpen() {
      return this.isWanted && this.found.length > 0;
    },
  },
  watch: {
    isOpen: "tell",
    at: "tell",
  },
  async mounted() {
    this.heard = new AbortController();
    const { signal } = this.heard;
    document.addEventListener("keydown", this.lead, { signal });
    await this.$nextTick();
    this.input = this.$el.parentElement.querySelector("input");
    const about = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.$el.id };
    for (const [name, value] of Object.entries(about)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", this.typed, { signal });
    this.input.addEventListener("keydown", this.press, { signal, capture: true });
    this.input.addEventListener("blur", () => (this.isWanted = false), { signal });
  },
  unmounted() {
    this.heard.abort();
    clearTimeout(this.waiting);
  },
  methods: {
    lead(event) {
      const { target } = event;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (document.querySelector(OPEN_DIALOG) || (target instanceof Element && target.closest(TYPING))) return;
      event.preventDefault();
      this.input.focus();
      this.input.select();
    },
    // What does not go on with the text any more is not offered until the next answer.
    typed() {
      clearTimeout(this.waiting);
      this.at = -1;
      const last = /[^\s:"]*$/.exec(this.input.value.toLowerCase())[0];
      this.found = this.found.filter((one) => last && one.shown.toLowerCase().includes(last));
      this.waiting = setTimeout(this.ask, RESTS_MS);
    },
    async ask() {
      const text = this.input.value;
      const found = text.trim() ? await this.answer(text) : [];
      if (text !== this.input.value) return;
      this.found = found;
      this.at = -1;
      this.isWanted = document.activeElement === this.input;
    },
    async answer(text) {
      try {
        const answer = await fetch(`${this.address}?${new URLSearchParams({ text })}`, { signal: this.heard.signal });
        return answer.ok ? (await answer.json()).suggestions : [];
      } catch {
        return [];
      }
    },
    press(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const count = this.found.length;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && count) {
        this.at = this.isOpen ? ((this.at + 1 + step + count + 1) % (count + 1)) - 1 : step > 0 ? 0 : count - 1;
        this.isWanted = true;
      } else if (["Enter", "Tab"].includes(event.key) && this.isOpen && this.at >= 0 && !event.shiftKey) this.take(this.found[this.at]);
      else if (event.key === "Enter" && this.isOpen) this.isWanted = false;
      else if (event.key === "Escape") this.leave();
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    leave() {
      if (this.isOpen) this.isWanted = false;
      else if (this.input.value) this.put("");
      else this.input.blur();
    },
    take({ text }) {
      this.put(text);
      this.input.focus();
    },
    // As if it had been typed.
    put(text) {
      const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
      set.call(this.input, text);
      this.input.setSelectionRange(text.length, text.length);
      this.found = [];
      this.isWanted = false;
      this.input.dispatchEvent(new InputEvent("input", { bubbles: true }));
    },
    tell() {
      this.input.setAttribute("aria-expanded", String(this.isOpen));
      if (this.isOpen && this.at >= 0) this.input.setAttribute("aria-activedescendant", `${this.name}-${this.at}`);
      else this.input.removeAttribute("aria-activedescendant");
    },
  },
};
