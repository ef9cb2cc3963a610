// Keeps what a person typed or chose in a form, in the browser of this device, until it was sent. It
// is kept as it is typed, without the app: what is typed while the app is away is there when it is
// back. Each tab goes on with its own words (sessionStorage); a tab in which nobody typed begins with
// the last ones of the device (localStorage). There each field has an entry of its own, and nothing is
// read to be written: a tab sees what another one wrote a moment late, and would undo it. A text that
// another tab goes on with is gone on with here, too, as long as all that was typed here is in it: who
// comes back to this tab and types would put the shorter text in the place of the longer one.
const readFrom = (storage, key) => {
  try {
    return JSON.parse(storage.getItem(key));
  } catch {
    return null;
  }
};
const writeTo = (storage, key, value) => {
  try {
    storage.setItem(key, JSON.stringify(value));
  } catch {} // full, or forbidden here: the words still stand in the form
};
const fieldsFrom = (storage, prefix) => {
  const keys = Object.keys(storage).filter((key) => key.startsWith(prefix));
  return Object.fromEntries(keys.map((key) => [key.slice(prefix.length), readFrom(storage, key)]));
};

const isText = (value) => typeof value === "string" && value.trim() !== "";
const isTick = (element) => ["checkbox", "radio"].includes(element.type);
const meant = (element) => (element.type === "radio" ? element.dataset.means : true);

// Whether `text` is `begun` with more before it, behind it, or in one place within it.
function goesOn(text, begun) {
  let same = 0;
  while (same < begun.length && text[same] === begun[same]) same++;
  return text.length >= begun.length && text.endsWith(begun.slice(same));
}

// As if it was typed: whoever listens to the control hears of it.
function type(element, value) {
  if (isTick(element)) element.checked = value === meant(element);
  else element.value = value;
  element.dispatchEvent(new Event(isTick(element) ? "change" : "input", { bubbles: true }));
}

function typedInto(element) {
  if (element.type === "checkbox") return element.checked;
  return element.type === "radio" ? meant(element) : element.value;
}

export default {
  props: { name: String, waits: Boolean },
  emits: ["found", "replaced"],
  template: `<div @input="typed"><slot></slot></div>`,
  mounted() {
    this.fields = {};
    this.mine = {};
    if (!this.waits) this.look();
    addEventListener("storage", this.hear);
    addEventListener("focus", this.follow);
  },
  unmounted() {
    removeEventListener("storage", this.hear);
    removeEventListener("focus", this.follow);
  },
  methods: {
    look() {
      const { fields, at, mine } = this.latest();
      this.fields = { ...fields };
      this.at = at;
      this.mine = { ...mine };
    },
    // When the page is connected, and NiceGUI has put its first values into the fields.
    bring() {
      if (this.waits) this.look();
      for (const element of this.$el.querySelectorAll("[data-draft]")) this.show(element);
      this.follow();
      this.$nextTick(() => this.$emit("found", this.fields));
    },
    show(element) {
      const value = this.fields[element.dataset.draft];
      this.isFilling = true;
      if (value !== undefined) type(element, value);
      this.isFilling = false;
    },
    hear({ key }) {
      if (key === this.keyOf("at")) this.follow(); // it is written last
    },
    // What other tabs went on with, in the texts that show what was kept and not a recalled one.
    follow() {
      for (const element of this.$el.querySelectorAll("textarea[data-draft]")) {
        const name = element.dataset.draft;
        const text = this.ofDevice(`field.${name}`);
        const isKept = element.value === (this.fields[name] ?? "");
        if (!isKept || !isText(text) || text === element.value) continue;
        if (goesOn(text, this.mine[name] ?? "")) this.takeOver(element, text);
      }
    },
    takeOver(element, text) {
      this.fields[element.dataset.draft] = text;
      this.at = this.ofDevice("at");
      this.show(element);
      if (readFrom(sessionStorage, this.name)) this.remember();
    },
    remember() {
      writeTo(sessionStorage, this.name, { fields: this.fields, at: this.at, mine: this.mine });
    },
    latest() {
      const own = readFrom(sessionStorage, this.name) ?? {};
      const [sent, cleared] = [this.ofDevice("sent"), this.ofDevice("cleared") ?? 0];
      if (own.at && own.at !== sent && own.at > cleared) return own;
      return { fields: fieldsFrom(localStorage, this.keyOf("field.")), at: this.ofDevice("at") };
    },
    keyOf(what) {
      return `${this.name}.${what}`;
    },
    ofDevice(what) {
      return readFrom(localStorage, this.keyOf(what));
    },
    typed({ target }) {
      const name = target.dataset?.draft;
      if (name && !this.isFilling) this.keep({ [name]: typedInto(target) });
    },
    keep(values) {
      this.at = Date.now();
      Object.assign(this.fields, values);
      Object.assign(this.mine, values);
      this.remember();
      const all = Object.entries(values).map(([name, value]) => [`field.${name}`, value]);
      for (const [what, value] of [...all, ["at", this.at]]) writeTo(localStorage, this.keyOf(what), value);
    },
    // What was sent is no draft any more. What differs from it was typed elsewhere, or is still to come.
    sent(values) {
      const isLeft = (name, value) => name in values && String(values[name] ?? "") !== String(value);
      for (const [name, value] of Object.entries(fieldsFrom(localStorage, this.keyOf("field."))))
        if (!isLeft(name, value)) localStorage.removeItem(this.keyOf(`field.${name}`));
      this.mine = { ...this.fields };
      writeTo(localStorage, this.keyOf("sent"), this.at);
      sessionStorage.removeItem(this.name);
    },
    // Other values than those that were typed, for somebody who wanted them.
    replace(values) {
      const before = this.latest();
      this.fields = {};
      this.keep(values);
      history.replaceState(null, "", location.pathname);
      const lost = before.fields?.prompt;
      if (!isText(lost) || lost === values.prompt) return;
      this.before = before.fields;
      this.$emit("replaced");
    },
    takeBack() {
      this.fields = {};
      this.keep(this.before);
      location.reload();
    },
  },
};
