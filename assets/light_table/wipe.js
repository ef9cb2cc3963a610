// The edge between two pictures that lie over each other, to be drawn by hand or moved by keys.
import { clamp } from "batchgen-zooming/zoom.js";

const NUDGE = { ArrowLeft: -0.02, ArrowRight: 0.02 };

export default {
  props: { modelValue: Number, words: Object, stage: Function },
  emits: ["update:modelValue"],
  template: `
    <div class="bg-wipe" role="slider" tabindex="0" aria-valuemin="0" aria-valuemax="100" :aria-valuenow="Math.round(modelValue * 100)"
         :aria-label="words.wipe" :style="{ left: modelValue * 100 + '%' }" @pointerdown.stop="grab" @pointermove.stop="slide" @keydown="nudge"></div>
  `,
  methods: {
    grab(event) {
      event.currentTarget.setPointerCapture(event.pointerId);
    },
    slide(event) {
      if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
      const { left, width } = this.stage().getBoundingClientRect();
      this.put((event.clientX - left) / width);
    },
    nudge(event) {
      if (!NUDGE[event.key] || event.shiftKey) return;
      this.put(this.modelValue + NUDGE[event.key]);
      event.preventDefault();
      event.stopPropagation();
    },
    put(at) {
      this.$emit("update:modelValue", clamp(at, 0, 1));
    },
  },
};
