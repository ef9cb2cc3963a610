// A button that copies its text. The clipboard of the browser exists on https and on this machine
// only; elsewhere (a phone on the LAN) the text is selected and copied the old way.
const SHOWN = 1500;

const copyBySelecting = (text) => {
  const field = Object.assign(document.createElement("textarea"), { value: text, readOnly: true });
  field.style.cssText = "position: fixed; opacity: 0";
  (document.querySelector(".q-dialog") ?? document.body).append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
};

export default {
  props: { text: String, label: String, hint: String, copied: String },
  template: `
    <button type="button" class="bg-copy" :title="hint" :aria-label="label + ': ' + hint" @click.stop="copy">
      <span :class="{ 'bg-copy-done': done }">{{ label }}</span>
      <span v-if="done" class="bg-copy-note" role="status">{{ copied }}</span>
    </button>
  `,
  data() {
    return { done: false };
  },
  unmounted() {
    clearTimeout(this.timer);
  },
  methods: {
    async copy() {
      const before = document.activeElement;
      if (navigator.clipboard) await navigator.clipboard.writeText(this.text).catch(() => copyBySelecting(this.text));
      else copyBySelecting(this.text);
      before?.focus?.();
      this.done = true;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => (this.done = false), SHOWN);
    },
  },
};
