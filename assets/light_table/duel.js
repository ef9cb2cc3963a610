// Which of the pictures are to be had beside those that are shown, and what comes of keeping one of two
// again and again.

const isThere = (picture) => picture !== undefined && picture.status === "completed";
const mayCome = (picture) => picture.status === "completed" || picture.status === "waiting";

// Of ``pictures``, beginning after the one with ``id``, or before it: the next that is not among
// ``others``, and not rejected.
export function challenger(pictures, id, others, step = 1) {
  const at = pictures.findIndex((picture) => picture.id === id);
  const around = pictures.map((_, far) => pictures.at((at + step * (far + 1)) % pictures.length));
  const free = around.filter((picture) => mayCome(picture) && !picture.rejected && !others.includes(picture.id));
  return free.find(isThere) ?? free[0];
}

// ``beaten`` are the ids of those that were not kept, the last one first. For each step back, what
// was shown before: two, or a ranking.
export const NOTHING_KEPT = Object.freeze({ beaten: [], earlier: [] });

// Of the two ids in ``shown`` the one in ``place`` is kept. Gives what is shown next and the new state;
// without a challenger that is the ranking, the best one first, and nothing further is shown.
export function kept(duel, pictures, shown, place) {
  const lost = shown[1 - place];
  const beaten = [lost, ...duel.beaten.filter((id) => id !== shown[place] && id !== lost)];
  const next = { beaten, earlier: [...duel.earlier, { shown, beaten: duel.beaten }] };
  const found = challenger(pictures, lost, [shown[place], ...beaten]);
  if (!found) return { duel: next, ranking: [shown[place], ...beaten] };
  return { duel: next, shown: place === 0 ? [shown[0], found.id] : [found.id, shown[1]] };
}

// Some of a ranking are looked at; a step back leads to it again.
export const looked = (duel, shown, ranking) => ({
  beaten: [],
  earlier: [...duel.earlier, { shown, beaten: duel.beaten, ranking }],
});

// One step back: what was shown before it, and the state then.
export function taken(duel) {
  const { shown, beaten, ranking = [] } = duel.earlier.at(-1);
  return { shown, ranking, duel: { beaten, earlier: duel.earlier.slice(0, -1) } };
}

// A comparison that was begun outlives its view and the page, in this tab: the last one of it. It is
// known by the first of the pictures; others may have come.
const PLACE = "batchgen.duel";

export const putBy = (pictures, { duel, shown, ranking }) =>
  sessionStorage.setItem(PLACE, JSON.stringify({ of: pictures[0]?.id, duel, shown, ranking }));

// Null where there is none, or one of the two is no longer there.
export function leftOff(pictures) {
  const { of, ...left } = JSON.parse(sessionStorage.getItem(PLACE) ?? "{}");
  const there = new Set(pictures.filter(isThere).map(({ id }) => id));
  return of && of === pictures[0]?.id && left.shown.every((id) => there.has(id)) ? left : null;
}
