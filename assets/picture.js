// A picture, or a film (`tag`), as an element of HTML with all attributes it is given; in its place, why it
// cannot be shown. A film that only this browser cannot play shows its poster.
import Fault, { faultOf } from "batchgen-files/fault.js";

export default {
  components: { fault: Fault },
  inheritAttrs: false,
  props: { image: String, src: String, tag: String },
  template: `
    <fault v-if="isFaulty" :image="image" :src="src" @again="isFaulty = false"></fault>
    <component v-else :is="tag" v-bind="$attrs" :src="src" @error="miss"></component>
  `,
  data: () => ({ isFaulty: false }),
  watch: {
    src() {
      this.isFaulty = false;
    },
  },
  methods: {
    async miss() {
      this.isFaulty = this.tag === "img" || Boolean((await faultOf(this.image))?.kind);
    },
  },
};
