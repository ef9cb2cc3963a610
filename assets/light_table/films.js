// What all films on the table do together: they play or stand still, at the same moment; shorter ones
// begin again meanwhile. Sound has only the active one, if that is wanted.
const APART = 0.15; // seconds, from which on one is led back to the moment of the others
const STEPS = 1000;
const MOMENTS = ["timeupdate", "loadedmetadata", "emptied"];

const lengthOf = ({ duration }) => (Number.isFinite(duration) ? duration : 0);

export default {
  props: { words: Object, stage: Function, modelValue: Boolean, sounds: Boolean },
  emits: ["update:modelValue", "update:sounds", "done"],
  template: `
    <div class="bg-aloft" role="group" data-testid="films">
      <button type="button" class="bg-tool" data-key="p" data-testid="films-play" :title="said" :aria-label="said" @click="toggle"><q-icon :name="modelValue ? 'pause' : 'play_arrow'" aria-hidden="true" /></button>
      <input type="range" min="0" :max="${STEPS}" :value="at" :aria-label="words.moment" :title="words.moment" @input="seek" @keydown.stop @pointerup="$emit('done')">
      <button type="button" class="bg-tool" :aria-pressed="String(sounds)" :title="words.sound" :aria-label="words.sound" @click="$emit('update:sounds', !sounds)"><q-icon :name="sounds ? 'volume_up' : 'volume_off'" aria-hidden="true" /></button>
    </div>
  `,
  data() {
    return { at: 0 };
  },
  computed: {
    said() {
      return this.modelValue ? this.words.pause : this.words.play;
    },
  },
  mounted() {
    for (const moment of MOMENTS) this.stage().addEventListener(moment, this.follow, true);
  },
  unmounted() {
    for (const moment of MOMENTS) this.stage()?.removeEventListener(moment, this.follow, true);
  },
  methods: {
    films() {
      return [...this.stage().querySelectorAll("video")].filter((film) => lengthOf(film));
    },
    // The longest one leads.
    lead() {
      return this.films().reduce((lead, film) => (lead && lengthOf(lead) >= lengthOf(film) ? lead : film), undefined);
    },
    follow({ target }) {
      const lead = this.lead();
      if (!lead) return;
      if (target === lead) this.at = Math.round((lead.currentTime / lengthOf(lead)) * STEPS);
      for (const film of this.films()) if (film !== lead) this.leadTo(film, lead.currentTime, APART);
    },
    leadTo(film, moment, apart = 0) {
      const wanted = moment % lengthOf(film);
      const far = Math.abs(film.currentTime - wanted);
      if (!film.seeking && Math.min(far, lengthOf(film) - far) > apart) film.currentTime = wanted;
    },
    toggle() {
      const plays = !this.modelValue;
      this.$emit("update:modelValue", plays);
      for (const film of this.films()) plays ? film.play().catch(() => {}) : film.pause();
      if (!plays) this.show(this.lead()?.currentTime ?? 0);
    },
    seek({ target }) {
      const lead = this.lead();
      this.at = Number(target.value);
      if (lead) this.show((this.at / STEPS) * lengthOf(lead));
    },
    show(moment) {
      for (const film of this.films()) film.currentTime = moment % lengthOf(film);
    },
  },
};
