// Where somebody left the grid, for the way back to it: by the picture that was at the upper edge, since
// others may have come before it.
const key = () => {
  const page = new URL(location);
  page.searchParams.delete("image"); // that is seen in large over it
  return `images:${page.pathname}${page.search}`;
};

function cameBack() {
  const [navigation] = performance.getEntriesByType("navigation");
  if (["back_forward", "reload"].includes(navigation?.type)) return true;
  return document.referrer.startsWith(`${location.origin}/batch/`);
}

export function keepPlace(place) {
  if (place) sessionStorage.setItem(key(), JSON.stringify(place));
  else sessionStorage.removeItem(key());
}

export function leftPlace() {
  const left = JSON.parse(sessionStorage.getItem(key()));
  if (!left || !cameBack()) return null;
  history.scrollRestoration = "manual";
  return left;
}

const GRID = "batchgen.grid-place";

// Where the grid itself is in the page, in CSS pixels: the first pictures are seen there before it is
// (`first_seen.js`), and room is left for the rail if it had one.
export function keepGridPlace(grid, columns, hasRail) {
  const { left, top, width } = grid.getBoundingClientRect();
  localStorage.setItem(GRID, JSON.stringify({ seenAt: innerWidth, left, top: top + scrollY, width, columns, hasRail }));
}

export function hadRail() {
  return Boolean(JSON.parse(localStorage.getItem(GRID))?.hasRail);
}

export function dropFirstSeen() {
  document.getElementById("first-seen")?.remove();
}
