// Where pictures stand in a grid of squares, whichever part of it is seen. Lengths are in pixels.
export const GAP = 6;
export const [SMALLEST, LARGEST] = [90, 420];
export const usual = () => (innerWidth < 600 ? 110 : 190);
const TALLEST = 12_000_000; // browsers draw nothing below some 17 million
const FEWEST = 2; // columns

export class Layout {
  // As many columns as squares of `wanted` fit into `width`; `view` is the height of what is seen.
  constructor(width, view, wanted, total) {
    this.columns = Math.max(FEWEST, Math.floor((width + GAP) / (wanted + GAP)));
    this.side = (width - GAP * (this.columns - 1)) / this.columns;
    this.stride = this.side + GAP;
    this.rows = Math.ceil(total / this.columns);
    this.view = view;
    this.full = Math.max(0, this.rows * this.stride - GAP);
    this.height = Math.min(this.full, TALLEST);
    const room = this.height - view;
    // Pixels of the grid for one of the scrollbar: more than one only where the grid is too tall.
    this.ratio = room > 0 && this.full > this.height ? (this.full - view) / room : 1;
  }

  // What of the grid is at the upper edge, where it was scrolled by so much; and back.
  topAt(scrolled) {
    return scrolled * this.ratio;
  }

  scrolledTo(top) {
    return top / this.ratio;
  }

  rowAt(top) {
    return Math.max(0, Math.min(this.rows - 1, Math.floor(top / this.stride)));
  }

  rowOf(position) {
    return Math.floor(position / this.columns);
  }

  topOf(position) {
    return this.rowOf(position) * this.stride;
  }

  // The first row and the one after the last that are in sight, and `more` on each side.
  rowsIn(top, more) {
    return [Math.max(0, this.rowAt(top) - more), Math.min(this.rows, this.rowAt(top + this.view) + 1 + more)];
  }
}

const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

// Where a key leads from a position; undefined for a key that leads nowhere.
export function stepped(key, at, { columns, view, stride }, total) {
  const page = columns * Math.max(1, Math.floor(view / stride) - 1);
  const steps = { ...STEPS, ArrowUp: -columns, ArrowDown: columns, PageUp: -page, PageDown: page };
  if (key === "Home") return 0;
  if (key === "End") return total - 1;
  if (!(key in steps)) return undefined;
  const to = at + steps[key];
  if (to >= 0 && to < total) return to;
  if (key in STEPS) return at;
  const column = at % columns;
  // In the last row there may be none below: then the last one.
  return to < 0 ? column : Math.min(total - 1, Math.floor((total - 1) / columns) * columns + column);
}
