// A switch of this device, which it remembers under a name of its own.
export default {
  template: `
    <label class="bg-tick">
      <input v-model="isOn" type="checkbox" :data-testid="mark" :title="hint" />
      <span>{{ label }}</span>
    </label>
  `,
  props: { kept: String, mark: String, label: String, hint: String },
  data() {
    return { isOn: localStorage.getItem(this.kept) === "on" };
  },
  watch: {
    isOn(on) {
      if (on) localStorage.setItem(this.kept, "on");
      else localStorage.removeItem(this.kept);
    },
  },
};
