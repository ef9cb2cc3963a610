// The form beside the stage, and a button that folds it: to an edge on a wide screen, which this device
// remembers; on a narrow one, where it stands above the stage, to one line with the prompt. What the
// page wants at its beginning counts before that: "open" where somebody comes for the form, "kept" or
// "folded" where pictures are shown, too, for want of a memory.
const KEY = "batchgen.form";
const IS_WIDE = "(min-width: 1100px)";
const PROMPT = "textarea";

const isWide = () => matchMedia(IS_WIDE).matches;

function beginsFolded(begins) {
  if (begins === "open") return false;
  if (!isWide()) return begins === "folded";
  const left = localStorage.getItem(KEY);
  return left ? left === "folded" : begins === "folded";
}

export default {
  props: { begins: String, made: Boolean, fold: String, unfold: String, nothing: String },
  emits: ["opened"],
  template: `
    <section class="bg-form-column" :data-folded="folded">
      <button type="button" class="bg-fold" data-testid="fold-form" data-shortcut="e" :title="name + ' (E)'"
              :aria-label="name" :aria-expanded="String(!folded)" @click="toggle">
        <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 6l-6 6 6 6"></path></svg>
        <span class="bg-one-line" dir="auto" aria-hidden="true">{{ folded ? said || nothing : fold }}</span>
      </button>
      <div class="bg-form-room" v-show="!folded"><slot></slot></div>
    </section>
  `,
  data() {
    return { folded: beginsFolded(this.begins), said: "" };
  },
  computed: {
    name() {
      return this.folded ? this.unfold : this.fold;
    },
  },
  mounted() {
    this.ask();
  },
  methods: {
    toggle() {
      const hadFocus = this.$el.contains(document.activeElement);
      this.turn(!this.folded);
      if (isWide()) localStorage.setItem(KEY, this.folded ? "folded" : "open");
      if (this.folded && hadFocus) this.$el.querySelector(".bg-fold").focus();
      if (!this.folded && isWide()) this.$nextTick(this.enter);
    },
    turn(folded) {
      this.said = this.$el.querySelector(PROMPT)?.value ?? "";
      this.folded = folded;
      this.ask();
    },
    // For the form, where it was not needed yet.
    ask() {
      if (!this.folded && !this.made) this.$emit("opened");
    },
    // Now, or once there is a form; then only who has not gone elsewhere meanwhile.
    enter() {
      if (this.focusPrompt()) return;
      const from = document.activeElement;
      const arrival = new MutationObserver(() => {
        const isAway = document.activeElement !== from && document.activeElement !== document.body;
        if (isAway || this.focusPrompt()) arrival.disconnect();
      });
      arrival.observe(this.$el, { childList: true, subtree: true });
    },
    focusPrompt() {
      const prompt = this.$el.querySelector(PROMPT);
      prompt?.focus();
      return prompt !== null;
    },
    // What was started is seen at once, also where there is no room beside the form.
    started() {
      if (!isWide()) this.turn(true);
    },
    // Keys are for the pictures now.
    letGo() {
      if (this.$el.contains(document.activeElement)) document.activeElement.blur();
    },
  },
};
