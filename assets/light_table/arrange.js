// How many panes stand beside each other and how large one is, so that pictures of this frame are drawn
// as large as possible. Where two ways draw them alike, the one with less left over.
export const GAP = 2;

const cellOf = (room, columns, rows) => [
  (room[0] - GAP * (columns - 1)) / columns,
  (room[1] - GAP * (rows - 1)) / rows,
];

function way(count, columns, frame, room) {
  const rows = Math.ceil(count / columns);
  const cell = cellOf(room, columns, rows);
  const drawn = Math.min(cell[0] / frame[0], cell[1] / frame[1]);
  return { columns, rows, cell, drawn, empty: columns * rows - count };
}

const better = (one, other) => {
  const alike = Math.abs(one.drawn - other.drawn) < 1e-9 * other.drawn;
  return alike ? one.empty < other.empty : one.drawn > other.drawn;
};

export function arranged(count, frame, room) {
  const ways = Array.from({ length: Math.max(count, 1) }, (_, at) => way(Math.max(count, 1), at + 1, frame, room));
  return ways.reduce((best, next) => (better(next, best) ? next : best));
}
