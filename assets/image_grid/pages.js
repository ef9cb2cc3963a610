// What the browser knows of all pictures that a query finds: how many there are, and those near what is
// seen, in pages. Each is asked for when it comes into sight; of those far away the ones that were seen
// longest ago are forgotten, so that memory stays the same however far somebody scrolls.
const SIZE = 120; // pictures in a page
const MOST = 24; // pages that are kept
const MOST_ASKED = 480; // pictures at once
const SOONEST = 250; // ms until the app is asked again, where it did not answer; each time twice as long,
const LATEST = 4_000; // up to this
const LONGEST = 15_000; // ms that an answer is waited for
const OFTEN = 4; // after so many requests without an answer, it is said
const SETTLED = 60; // ms in which nothing moved: what is passed by is not asked for
const SOON = 12_000; // ms that a mark is shown where the app does not say that it is kept, or is not
const ADDRESS = `${window.path_prefix}/gallery/images`;

const same = (image, marks) => Object.entries(marks).every(([name, value]) => image[name] === value);

// What the page itself has brought along for its first question; once, since it grows old.
function brought(query) {
  const element = document.getElementById("first-images");
  if (!element) return null;
  element.remove();
  const told = JSON.parse(element.textContent);
  const asked = new URLSearchParams(told.query);
  asked.sort();
  return asked.toString() === query ? told.answer : null;
}

export class Pages {
  // `news` is called whenever something else is to be shown, `found` with what was found, and `missed`
  // when something could not be had, and may be now.
  constructor(news, found, missed) {
    Object.assign(this, { news, found, missed });
    this.query = null;
    this.asked = null;
    this.total = 0;
    this.pages = new Map(); // number: its pictures; a Map keeps the order in which they were seen
    this.soon = new Map(); // id: marks that were given here just now
    this.loading = new Map(); // number: what breaks it off
    this.finding = null; // what breaks the search off that is under way
    this.failures = 0; // requests in a row that had no answer
    this.fault = ""; // what the app said instead
    this.turn = 0; // what was asked for in an earlier one is not wanted any more
  }

  at(position) {
    return this.pages.get(Math.floor(position / SIZE))?.[position % SIZE];
  }

  *known() {
    for (const images of this.pages.values()) for (const image of images) yield image;
  }

  knownIds(from, to) {
    const ids = [];
    for (let position = from; position <= to; position++) ids.push(this.at(position)?.id);
    return ids.filter(Boolean);
  }

  // As the picture soon will be.
  look(image) {
    const marks = image && this.soon.get(image.id);
    return marks ? { ...image, ...marks } : image;
  }

  // Where a known picture stands; undefined for any other.
  positionOf(id) {
    for (const [number, images] of this.pages) {
      const place = images.findIndex((image) => image.id === id);
      if (place >= 0) return number * SIZE + place;
    }
  }

  // Another question: what was found before stays until the answer is there. `anchor` is an id whose
  // place is to be found, too: gives that, where it has one. Gives null where the app did not answer,
  // and undefined where something else was asked for meanwhile.
  async find(query, anchor) {
    this.asked = query;
    const turn = ++this.turn;
    this.abort();
    const finding = (this.finding = new AbortController());
    const there = brought(query);
    const wanted = { offset: 0, anchor, page: SIZE, limit: SIZE };
    const answer = anchor || !there ? await this.ask(query, wanted, finding) : there;
    if (turn !== this.turn) return undefined;
    this.abort(); // also what was asked of the earlier question meanwhile
    if (!answer) return null;
    this.query = query;
    this.pages.clear();
    this.take(answer);
    return { position: answer.anchor };
  }

  // The same question again. What is seen are `count` pictures from `anchor` on, which stood at a
  // position and may have moved: gives by how much; null where the app did not answer, or answers to
  // another question first. `look` is called while what was known before is still there.
  async refresh(anchor, position, count, look) {
    if (this.query === null || this.asked !== this.query || this.finding) return null;
    const turn = ++this.turn;
    this.abort();
    const limit = Math.min(MOST_ASKED, SIZE * (1 + Math.ceil(count / SIZE)));
    const wanted = { anchor, offset: Math.floor(position / SIZE) * SIZE, page: SIZE, limit };
    const answer = await this.ask(this.query, wanted, new AbortController());
    if (turn !== this.turn) return 0;
    this.abort(); // places may be others now
    if (!answer) return null;
    look();
    this.pages.clear();
    this.take(answer);
    return answer.anchor == null ? 0 : answer.anchor - position;
  }

  // Load what is missing from one position to another, and at `own`, as soon as nothing moves any more.
  need(from, to, own) {
    const [first, last] = [Math.floor(from / SIZE), Math.floor(Math.max(from, to - 1) / SIZE)];
    for (const [number, loading] of this.loading)
      if (number < first - 1 || number > last + 1) this.breakOff(number, loading);
    const [missing, wanted] = [[], [Math.floor(own / SIZE)]];
    for (let number = first; number <= last; number++) wanted.push(number);
    for (const number of new Set(wanted)) {
      if (this.pages.has(number)) this.seen(number);
      else if (number * SIZE < this.total && !this.loading.has(number)) missing.push(number);
    }
    clearTimeout(this.waiting);
    if (missing.length) this.waiting = setTimeout(() => missing.forEach((number) => this.load(number)), SETTLED);
  }

  async load(number) {
    if (this.loading.has(number) || this.pages.has(number)) return;
    const [turn, loading] = [this.turn, new AbortController()];
    this.loading.set(number, loading);
    const answer = await this.ask(this.query, { offset: number * SIZE, limit: SIZE }, loading);
    if (this.loading.get(number) !== loading) return; // broken off
    this.loading.delete(number);
    if (turn !== this.turn) return;
    if (answer) this.take(answer);
    else this.later = setTimeout(this.missed, this.pause());
  }

  // Of all pictures, or so many from a position on, the ids; null where the app did not answer.
  async ids(from = 0, count = this.total) {
    const answer = await this.ask(this.query, { offset: from, limit: count }, new AbortController(), `${ADDRESS}/ids`);
    return answer?.ids ?? null;
  }

  // Where a picture stands: it, and those of its page, are known then. Null where it is not found, or the
  // app did not answer.
  async locate(id) {
    const known = this.positionOf(id);
    if (known !== undefined) return known;
    const turn = this.turn;
    const answer = await this.ask(this.query, { anchor: id, page: SIZE, limit: SIZE }, new AbortController());
    if (answer?.anchor == null || turn !== this.turn) return null;
    this.take(answer);
    return answer.anchor;
  }

  // Null where the app did not answer.
  async months() {
    const answer = await this.ask(this.query, {}, new AbortController(), `${ADDRESS}/months`);
    return answer?.months ?? null;
  }

  take({ offset, images, total, bytes }) {
    const isOther = total !== this.total || bytes !== this.bytes;
    [this.total, this.bytes] = [total, bytes];
    for (const image of images) image.thumbnail = window.path_prefix + image.thumbnail;
    for (let at = 0; at < images.length; at += SIZE) this.put((offset + at) / SIZE, images.slice(at, at + SIZE));
    for (const image of images) if (same(image, this.soon.get(image.id) ?? {})) this.soon.delete(image.id);
    this.news();
    if (isOther || !this.hasTold) this.found({ total, bytes });
    this.hasTold = true;
  }

  put(number, images) {
    this.pages.delete(number);
    this.pages.set(number, images);
    for (const oldest of this.pages.keys()) {
      if (this.pages.size <= MOST) return;
      this.pages.delete(oldest);
    }
  }

  seen(number) {
    const images = this.pages.get(number);
    this.pages.delete(number);
    this.pages.set(number, images);
  }

  breakOff(number, loading) {
    loading.abort();
    this.loading.delete(number);
  }

  abort() {
    for (const [number, loading] of this.loading) this.breakOff(number, loading);
    this.finding?.abort();
    this.finding = null;
    clearTimeout(this.waiting);
    clearTimeout(this.later);
  }

  // How long to wait until the app is asked again, in ms.
  pause() {
    return Math.min(LATEST, SOONEST * 2 ** Math.max(0, this.failures - 1));
  }

  // Why nothing can be had, since a while; an empty text where the app has not said it, else null.
  get trouble() {
    return this.fault || (this.failures >= OFTEN ? "" : null);
  }

  // The answer; null where none was to be had, or not in time: what is missing stays a placeholder, and
  // is asked for again after a pause. A network that comes or goes breaks off what is under way.
  async ask(query, wanted, loading, address = ADDRESS) {
    const asked = new URLSearchParams(query);
    for (const [name, value] of Object.entries(wanted)) if (value != null) asked.set(name, value);
    let isLate = false;
    const limit = setTimeout(() => loading.abort((isLate = true)), LONGEST);
    try {
      const answer = await fetch(`${address}?${asked}`, { signal: loading.signal });
      const told = answer.ok ? await answer.json() : null;
      this.note(told !== null, answer.status === 503 ? await answer.text() : "");
      return told;
    } catch {
      if (isLate || !loading.signal.aborted) this.note(false);
      return null;
    } finally {
      clearTimeout(limit);
    }
  }

  // Whether the app has answered, or what it said instead.
  note(isThere, fault = "") {
    const before = this.trouble;
    this.failures = isThere ? 0 : this.failures + 1;
    this.fault = fault;
    if (this.trouble !== before) this.news();
  }

  // Shown at once, and for good when the app says the same.
  foresee(ids, marks) {
    for (const id of ids) this.soon.set(id, { ...this.soon.get(id), ...marks });
    this.news();
    setTimeout(() => this.forget(ids), SOON);
  }

  forget(ids = [...this.soon.keys()]) {
    for (const id of ids) this.soon.delete(id);
    this.news();
  }
}
