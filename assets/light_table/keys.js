// The list of keys of the light table, over the panes; any key and a click put it away.
export default {
  props: { keys: Array, words: Object },
  emits: ["close"],
  template: `
    <section class="bg-table-keys" data-testid="table-keys" tabindex="-1" ref="root" :aria-label="words.keys"
             @keydown.stop.prevent="$emit('close')" @click="$emit('close')">
      <h2 class="bg-title">{{ words.keys }}</h2>
      <dl class="bg-keys">
        <template v-for="[key, meaning] in keys" :key="key"><dt><kbd>{{ key }}</kbd></dt><dd>{{ meaning }}</dd></template>
      </dl>
    </section>
  `,
  mounted() {
    this.$refs.root.focus({ preventScroll: true });
  },
};
