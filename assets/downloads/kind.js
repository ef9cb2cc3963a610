// What a download gives: the pictures alone, or a delivery pack. Each device remembers its own.
import { KIND, kindWanted } from "batchgen-downloads/device.js";

export default {
  props: { label: String, choices: Object },
  emits: ["choose"],
  template: `
    <label class="bg-download-kind" :title="label">
      <q-icon name="expand_more" aria-hidden="true" />
      <select v-model="kind" data-testid="download-kind" :aria-label="label">
        <option v-for="(text, name) in choices" :key="name" :value="name">{{ text }}</option>
      </select>
    </label>
  `,
  data() {
    const kept = kindWanted();
    return { kind: kept in this.choices ? kept : Object.keys(this.choices)[0] };
  },
  mounted() {
    this.$emit("choose", this.kind);
  },
  watch: {
    kind(kind) {
      localStorage.setItem(KIND, kind);
      this.$emit("choose", kind);
    },
  },
};
