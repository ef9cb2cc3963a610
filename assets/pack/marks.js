// What is thought of the pictures: what the pack came with, and what was changed here. It is kept by the
// browser where that keeps anything for files, and given out as a text.
const FIELDS = ["favourite", "rating", "rejected"];
const COLUMNS = ["file", "id", "index", "seed", ...FIELDS];

// A cell that a spreadsheet would take for a formula gets a sign before it that makes it a text.
const cell = (value) => {
  const text = String(value);
  return `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
};

const isMark = ({ favourite, rating, rejected }) =>
  typeof favourite === "boolean" && typeof rejected === "boolean" && [0, 1, 2, 3, 4, 5].includes(rating);

const bare = (marks) => Object.fromEntries(FIELDS.map((field) => [field, marks[field]]));

export class Marks {
  // ``changed`` is called with the id of each picture whose marks are others than before.
  constructor(pack, pictures, changed) {
    this.key = `batchgen-pack-${pack}`;
    this.pictures = pictures;
    this.changed = changed;
    this.past = [];
    this.isKept = true;
    this.given = new Map(pictures.map((picture) => [picture.id, bare(picture)]));
    this.now = new Map([...this.given, ...this.remembered()]);
  }

  remembered() {
    try {
      const kept = Object.entries(JSON.parse(localStorage.getItem(this.key) ?? "{}"));
      return kept.filter(([id, marks]) => this.given.has(id) && isMark(marks)).map(([id, marks]) => [id, bare(marks)]);
    } catch {
      this.isKept = false;
      return [];
    }
  }

  of(id) {
    return this.now.get(id);
  }

  // All ``ids`` get them, as one change.
  set(ids, changes) {
    const before = ids.map((id) => [id, this.of(id)]);
    this.past.push(before);
    this.put(before.map(([id, marks]) => [id, { ...marks, ...changes }]));
  }

  toggle(ids, field) {
    this.set(ids, { [field]: !ids.every((id) => this.of(id)[field]) });
  }

  undo() {
    const last = this.past.pop();
    if (last) this.put(last);
    return last !== undefined;
  }

  put(entries) {
    for (const [id, marks] of entries) this.now.set(id, marks);
    this.keep();
    for (const [id] of entries) this.changed(id);
  }

  keep() {
    const differs = ([id, marks]) => FIELDS.some((field) => marks[field] !== this.given.get(id)[field]);
    try {
      localStorage.setItem(this.key, JSON.stringify(Object.fromEntries([...this.now].filter(differs))));
    } catch {
      this.isKept = false;
    }
  }

  rows() {
    return this.pictures.map(({ file, id, index, seed }) => ({ file, id, index, seed, ...this.of(id) }));
  }

  json() {
    return `${JSON.stringify({ marks: this.rows() }, null, 1)}\n`;
  }

  // A pack without settings has no seeds.
  csv() {
    const rows = this.rows();
    const columns = COLUMNS.filter((column) => rows.some((row) => row[column] !== undefined));
    const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(","));
    return `${[columns.join(","), ...lines].join("\r\n")}\r\n`;
  }
}
