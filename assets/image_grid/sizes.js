// How large pictures are: by slider, keys, ctrl and the wheel, or two fingers; this device remembers it.
import { LARGEST, SMALLEST, usual } from "batchgen-images/layout.js";

const KEY = "batchgen.gallery-size";
const STEP = 1.25; // of two fingers
const NOTCH = 20; // px: of a wheel

const apart = ([one, other]) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY);
const clamp = (size) => Math.round(Math.min(LARGEST, Math.max(SMALLEST, size)));
const remembered = () => clamp(Number(localStorage.getItem(KEY)) || usual());

export default {
  data: () => ({ wanted: remembered(), smallest: SMALLEST, largest: LARGEST }),
  methods: {
    resize(wanted) {
      const size = clamp(wanted);
      localStorage.setItem(KEY, size);
      this.fit(size);
    },
    hearSize({ key }) {
      if (key === KEY) this.fit(remembered());
    },
    turn(event) {
      if (!event.ctrlKey) return;
      event.preventDefault();
      this.resize(this.wanted - Math.sign(event.deltaY) * NOTCH);
    },
    pinch({ touches }) {
      this.spreadFrom = touches.length === 2 ? apart(touches) : null;
    },
    spread(event) {
      if (!this.spreadFrom || event.touches.length !== 2) return;
      event.preventDefault();
      const steps = Math.trunc(Math.log(apart(event.touches) / this.spreadFrom) / Math.log(STEP));
      if (!steps) return;
      this.hands.letGo();
      this.spreadFrom *= STEP ** steps;
      this.resize(this.wanted * STEP ** steps);
    },
  },
};
