// Which pictures of a view could not be loaded, by their addresses; in their place stands a fault.
import Fault, { faultOf, isCut } from "batchgen-files/fault.js";

export default {
  components: { fault: Fault },
  data: () => ({ faulty: [] }),
  methods: {
    fails(src) {
      if (!this.faulty.includes(src)) this.faulty.push(src);
    },
    // A film that only this browser cannot play has a still.
    async failsIfFaulty(src, { id }) {
      if ((await faultOf(id))?.kind) this.fails(src);
    },
    async failsIfCut(src, picture) {
      if (src !== picture.thumbnail && (await isCut(src, picture.bytes))) await this.failsIfFaulty(src, picture);
    },
    isFaulty(src) {
      return this.faulty.includes(src);
    },
    lookAgainAt(src) {
      this.faulty = this.faulty.filter((other) => other !== src);
    },
  },
};
