// What fingers and the mouse do in a large view. On the picture, and on a film above its controls, a
// finger swipes to all sides; beside it, where nothing else goes sideways, to the left and to the right.
import { Swipe } from "batchgen-large/swipe.js";

const SPRING_MS = 160;
const GAP = 16;
const CONTROLS = 72; // px at the foot of a film
const ICONS = { keep: "favorite", reject: "block" };
const NOT_BESIDE = ".bg-pane, .bg-filmstrip, input, textarea, select";

export const wantsNoMotion = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export default {
  data: () => ({ follows: [0, 0], springs: false, will: null }),
  computed: {
    isFilm() {
      return Boolean(this.current && this.plays(this.current));
    },
    ends() {
      return { isFirst: this.isFirst, isLast: this.isLast, mayMark: this.marks };
    },
    // What a swipe up or down does, from where it begins; whether it would is another matter.
    hint() {
      const [, y] = this.follows;
      if (!y || !this.marks) return null;
      const what = y < 0 ? "keep" : "reject";
      return { what, icon: ICONS[what], isArmed: this.will === what };
    },
  },
  mounted() {
    this.touches = new Map();
    this.heard = new AbortController();
    const view = this.$el.closest(".bg-detail");
    const hear = (type, handler) => view.addEventListener(type, handler, { signal: this.heard.signal, passive: false });
    hear("pointerdown", this.grabBeside);
    hear("pointermove", this.dragBeside);
    hear("pointerup", this.releaseBeside);
    hear("pointercancel", this.letGoBeside);
    hear("touchmove", this.hold);
  },
  unmounted() {
    this.heard.abort();
  },
  methods: {
    place(offset) {
      const [x, y] = this.follows;
      const across = offset * (this.room[0] + GAP) + x;
      return {
        transform: `translate(${across}px, ${offset ? 0 : y}px)`,
        transition: this.springs ? `transform ${SPRING_MS}ms ease-out` : "none",
      };
    },
    // Its controls, and a mouse on it, are the browser's.
    grabFilm(event) {
      const isOnControls = event.offsetY > event.currentTarget.clientHeight - CONTROLS;
      if (event.pointerType !== "touch" || isOnControls) event.stopPropagation();
    },
    grab(event) {
      if (event.button || (this.isFilm && this.touches.size)) return;
      if (!this.isFilm) event.currentTarget.setPointerCapture(event.pointerId);
      this.touches.set(event.pointerId, this.spot(event));
      const isSwipe = event.pointerType === "touch" && (this.fits || this.isFilm) && this.touches.size === 1;
      this.swipe = isSwipe ? new Swipe(this.spot(event), event.timeStamp) : null;
      if (this.touches.size > 1) this.springBack();
    },
    drag(event) {
      const here = (this.pointer = this.spot(event));
      const from = this.touches.get(event.pointerId);
      if (!from) return;
      if (this.touches.size > 1) this.pinch(event.pointerId, from, here);
      else if (this.swipe) this.follow(here, event.timeStamp);
      else this.pan([here[0] - from[0], here[1] - from[1]]);
      this.touches.set(event.pointerId, here);
    },
    // Otherwise a browser goes on scrolling in thought, and the next tap only stops that.
    hold(event) {
      const isHeld = this.touches.size || (this.beside && this.swipe?.axis === 0);
      if (isHeld && event.cancelable) event.preventDefault();
    },
    follow(here, time) {
      this.springs = false;
      this.follows = this.lastFollowed = this.swipe.move(here, time, this.ends);
      this.will = this.swipe.will(this.ends);
    },
    release(event) {
      const done = this.swipe && this.will;
      this.letGo(event);
      if (done === "next" || done === "previous") this.glide(done === "next" ? 1 : -1);
      else if (done) this.judge(done);
    },
    letGo(event) {
      this.touches.delete(event.pointerId);
      if (this.swipe) this.springBack();
    },
    grabBeside(event) {
      if (event.pointerType !== "touch" || !event.isPrimary || event.target.closest(NOT_BESIDE)) return;
      this.beside = event.pointerId;
      this.swipe = new Swipe([event.clientX, event.clientY], event.timeStamp);
    },
    dragBeside(event) {
      if (event.pointerId !== this.beside || !this.swipe) return;
      this.swipe.move([event.clientX, event.clientY], event.timeStamp, this.ends);
      if (this.swipe.axis === 1) this.letGoBeside(event);
      else this.follow([event.clientX, event.clientY], event.timeStamp);
    },
    releaseBeside(event) {
      if (event.pointerId !== this.beside) return;
      this.beside = null;
      this.release(event);
    },
    letGoBeside(event) {
      if (event.pointerId !== this.beside) return;
      this.beside = null;
      this.letGo(event);
    },
    springBack() {
      this.swipe = this.will = null;
      this.springs = !wantsNoMotion();
      this.follows = [0, 0];
    },
    // The picture is another one at once; from where the finger left it, it comes to its place.
    async glide(step) {
      const [x] = this.lastFollowed;
      this.go(step);
      if (wantsNoMotion()) return;
      this.springs = false;
      this.follows = [x + step * (this.room[0] + GAP), 0];
      await this.$nextTick();
      this.$refs.pane.getBoundingClientRect(); // so that it begins there
      this.springs = true;
      this.follows = [0, 0];
    },
  },
};
