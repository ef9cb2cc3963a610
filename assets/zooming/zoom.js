// What is seen of a picture: the spot in the middle of the room, in pixels of the frame, and the scale, in
// screen pixels for each of these. The frame is as wide as the widest picture and as high as the highest;
// each is drawn into it as large as it can be.
// A view is a value; every function gives a new one.
export const PIXELS_SHOW_FROM = 3;
const FARTHEST = 32;
const KEY_PAN = 80;
const ARROWS = { ArrowLeft: [1, 0], ArrowRight: [-1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
const both = (pick) => [pick(0), pick(1)];

export const keyPan = (key) => ARROWS[key]?.map((way) => way * KEY_PAN);

// One pixel of the picture on one of the screen.
export const actual = () => 1 / window.devicePixelRatio;

export const whole = (frame, room) => Math.min(room[0] / frame[0], room[1] / frame[1]);

export const fitted = (frame, room) => ({
  centre: both((side) => frame[side] / 2),
  scale: whole(frame, room),
  fits: true,
});

// A side that has room is in the middle; of one that has not, no edge leaves the room's.
const held = (at, size, seen) => (seen >= size ? size / 2 : clamp(at, seen / 2, size - seen / 2));

export const kept = (view, frame, room) => ({
  ...view,
  centre: both((side) => held(view.centre[side], frame[side], room[side] / view.scale)),
});

// The same share of another frame, as many times as large as the whole of it, as before.
export const reframed = (view, [from, fromRoom], [frame, room]) => {
  const scale = (view.scale * whole(frame, room)) / whole(from, fromRoom);
  return kept({ scale, centre: both((side) => (view.centre[side] * frame[side]) / from[side]) }, frame, room);
};

// The spot at ``at`` (pixels from the room's corner) stays where it is.
export function zoomed(view, scale, frame, room, at = [room[0] / 2, room[1] / 2]) {
  const next = clamp(scale, Math.min(whole(frame, room), actual()), FARTHEST);
  const apart = 1 / view.scale - 1 / next;
  return {
    centre: both((side) => view.centre[side] + (at[side] - room[side] / 2) * apart),
    scale: next,
    fits: Math.abs(next - whole(frame, room)) < 1e-6,
  };
}

// Smaller than the whole only from there on, so that going out ends with the whole picture.
export const larger = (view, factor, frame, room, at) =>
  zoomed(view, Math.max(view.scale * factor, Math.min(view.scale, whole(frame, room))), frame, room, at);

export const panned = (view, by) => ({
  ...view,
  centre: both((side) => view.centre[side] - by[side] / view.scale),
});

// Where the frame's corner is in the room.
export const corner = (view, room) => both((side) => room[side] / 2 - view.centre[side] * view.scale);

// A pane's own way of looking at the shared view: so far beside it, so many times as large.
export const SHARED = { by: [0, 0], times: 1 };

export const ownOf = (view, { by, times }) => ({
  ...view,
  centre: both((side) => view.centre[side] + by[side]),
  scale: view.scale * times,
});

export const sharedOf = (own, { by, times }) => ({
  ...own,
  centre: both((side) => own.centre[side] - by[side]),
  scale: own.scale / times,
});

export const between = (view, own) => ({
  by: both((side) => own.centre[side] - view.centre[side]),
  times: own.scale / view.scale,
});
