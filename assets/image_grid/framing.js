// A frame that the mouse draws over the grid chooses all pictures that it touches; with Ctrl, Cmd or Shift
// besides those that are chosen already. Escape lets it go. Lengths are in pixels of the grid.
const STILL = 8; // a mouse that moves less has clicked
const EDGE = 40; // so near to the edge of what is seen, the page scrolls

// The first and the last of `count` squares in a row that lie between two places.
const touched = (from, to, { side, stride }, count) => [
  Math.max(0, Math.floor((from - side) / stride) + 1),
  Math.min(count, Math.ceil(to / stride)) - 1,
];
const isWithin = (number, [first, last]) => number >= first && number <= last;

export default {
  data: () => ({ frame: null }),
  computed: {
    lasso() {
      const { left, top, right, bottom } = this.frame;
      return { left: `${left}px`, top: `${top + this.shift}px`, width: `${right - left}px`, height: `${bottom - top}px` };
    },
    caught() {
      if (!this.frame) return null;
      const { left, top, right, bottom } = this.frame;
      const { columns, rows } = this.layout;
      return { rows: touched(top, bottom, this.layout, rows), columns: touched(left, right, this.layout, columns) };
    },
  },
  methods: {
    beginFrame(event) {
      this.dropFrame();
      if (event.pointerType !== "mouse" || event.button !== 0) return;
      this.framedFrom = { ...this.placeOf(event), clientX: event.clientX, clientY: event.clientY };
      this.addsFramed = event.ctrlKey || event.metaKey || event.shiftKey;
    },
    moveFrame(event) {
      const from = this.framedFrom;
      if (!from) return;
      if (!this.frame) {
        if (Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) < STILL) return;
        this.$refs.grid.setPointerCapture(event.pointerId);
        document.body.classList.add("is-framing");
      }
      this.framedTo = { clientX: event.clientX, clientY: event.clientY };
      const [above, below] = [event.clientY - this.above() - EDGE, event.clientY - innerHeight + EDGE];
      if (above < 0) scrollBy(0, above);
      else if (below > 0) scrollBy(0, below);
      this.drawFrame();
    },
    // Also where the page was scrolled under it.
    drawFrame() {
      if (!this.framedTo) return;
      const [from, to] = [this.framedFrom, this.placeOf(this.framedTo)];
      this.frame = {
        left: Math.min(from.x, to.x), top: Math.min(from.y, to.y),
        right: Math.max(from.x, to.x), bottom: Math.max(from.y, to.y),
      };
    },
    placeOf({ clientX, clientY }) {
      const { left, top } = this.$refs.grid.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top - this.shift };
    },
    async endFrame() {
      const [caught, adds] = [this.caught, this.addsFramed];
      this.dropFrame();
      if (!caught) return;
      this.hands.wasHeld = true; // the click that follows is none
      const positions = this.positionsIn(caught);
      const ids = await this.idsOf(positions);
      this.chosen = new Set(adds ? [...this.chosen, ...ids] : ids);
      if (positions.length) this.anchor = this.at = positions[0];
    },
    positionsIn({ rows, columns }) {
      const positions = [];
      for (let row = rows[0]; row <= rows[1]; row++)
        for (let column = columns[0]; column <= columns[1]; column++) positions.push(row * this.layout.columns + column);
      return positions.filter((position) => position < this.total);
    },
    // Of those that are not known here, the app is asked.
    async idsOf(positions) {
      const known = positions.map((position) => this.idAt(position));
      if (known.every(Boolean)) return known;
      const [from, to] = [positions[0], positions.at(-1)];
      const ids = await this.pages.ids(from, to - from + 1);
      return positions.map((position, place) => ids?.[position - from] ?? known[place]).filter(Boolean);
    },
    isCaught(position) {
      if (!this.caught) return false;
      const { columns } = this.layout;
      return isWithin(Math.floor(position / columns), this.caught.rows) && isWithin(position % columns, this.caught.columns);
    },
    dropFrame() {
      this.framedFrom = this.framedTo = this.frame = null;
      document.body.classList.remove("is-framing");
    },
  },
};
