// One finger on a picture that is seen whole: left and right lead through the pictures, up keeps,
// down rejects. What will happen is told from the moment it would.
const BEGINS = 10; // pixels; less is a tap
const ENOUGH = 80;
const FLICK = 0.5; // pixels a millisecond
const SHORTEST_FLICK = 30;
const RESISTANCE = 0.3; // where there is nothing more to come

export class Swipe {
  constructor([x, y], time) {
    this.from = [x, y];
    this.at = [x, y];
    this.time = this.began = time;
    this.speed = 0;
    this.axis = null;
  }

  // Gives how far the picture follows: [x, y].
  move([x, y], time, { isFirst, isLast, mayMark }) {
    const [dx, dy] = [x - this.from[0], y - this.from[1]];
    this.axis ??= Math.hypot(dx, dy) < BEGINS ? null : Math.abs(dx) > Math.abs(dy) ? 0 : 1;
    if (this.axis === null) return [0, 0];
    const step = [x, y][this.axis] - this.at[this.axis];
    if (time > this.time) this.speed = step / (time - this.time);
    [this.at, this.time] = [[x, y], time];
    if (this.axis === 1) return [0, mayMark ? dy : dy * RESISTANCE];
    const isEnd = dx > 0 ? isFirst : isLast;
    return [isEnd ? dx * RESISTANCE : dx, 0];
  }

  // "next", "previous", "keep", "reject", or nothing while it would spring back.
  will({ isFirst, isLast, mayMark }) {
    if (this.axis === null) return null;
    const far = this.at[this.axis] - this.from[this.axis];
    const isFlick =
      Math.abs(this.speed) > FLICK &&
      Math.abs(far) > SHORTEST_FLICK &&
      Math.sign(this.speed) === Math.sign(far);
    if (Math.abs(far) < ENOUGH && !isFlick) return null;
    if (this.axis === 1) return mayMark ? (far < 0 ? "keep" : "reject") : null;
    if (far < 0) return isLast ? null : "next";
    return isFirst ? null : "previous";
  }
}
