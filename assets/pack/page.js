// The light table of a delivery pack: one file that is opened from a disk, without any network.
import { showKeys, showMarks } from "batchgen-pack/dialogs.js";
import { chip, Grid } from "batchgen-pack/grid.js";
import { Marks } from "batchgen-pack/marks.js";
import { button, element, told } from "batchgen-pack/parts.js";
import { Table } from "batchgen-pack/table.js";

const { pack, title, about, pictures, missing, words, keys } = JSON.parse(document.getElementById("pack").textContent);
const FILTERS = {
  all: () => true,
  favourites: ({ favourite }) => favourite,
  good: ({ rating }) => rating >= 3,
  unrated: ({ rating, rejected }) => !rating && !rejected,
  kept: ({ rejected }) => !rejected,
};
const MOST = 9;
const root = document.documentElement;
let wanted = "all";

const marks = new Marks(pack, pictures, (id) => {
  grid.follow(id);
  if (table.isOpen) table.show();
  refresh();
});
const table = new Table(pictures, marks, words, (id) => {
  grid.filter(FILTERS[wanted]);
  grid.focus(id);
});
const grid = new Grid(pictures, marks, words, { open: (id) => table.open([id]), selected: () => refresh() });

const compares = button(words.compare, words.compare_hint, compare, { "data-testid": "compare", disabled: true });
const chosen = element("span", { role: "status", "data-testid": "chosen" });
const warning = element("p", { classes: "bad", text: words.not_kept, "data-testid": "not-kept", hidden: true });
const chips = Object.keys(FILTERS).map((name) => chip(words[name], () => filter(name), { "data-filter": name }));
const size = element("input", { type: "range", min: "110", max: "640", "aria-label": words.size, title: words.size, on: { input: () => sized(Number(size.value)) } });
let isSized = false; // by hand: from then on the window no longer tells how large

function sized(wide) {
  isSized = true;
  grid.size(wide);
}

function fit() {
  if (!isSized) size.value = grid.fit(innerHeight - grid.element.getBoundingClientRect().top - scrollY - 24);
}

function refresh() {
  const count = grid?.chosenIds.length ?? 0;
  compares.disabled = count < 2 || count > MOST;
  chosen.textContent = count ? told(words.chosen, { count }) : "";
  warning.hidden = marks.isKept;
}

addEventListener("resize", fit);

function filter(name) {
  wanted = name;
  grid.filter(FILTERS[name]);
  fit();
  for (const each of chips) each.setAttribute("aria-pressed", String(each.dataset.filter === name));
  empty.hidden = grid.shown.length > 0;
}

function compare() {
  const ids = grid.chosenIds;
  if (ids.length >= 2 && ids.length <= MOST) table.open(ids);
}

function theme() {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
}

function mark(key) {
  const ids = table.isOpen ? [table.current] : grid.meant;
  if (!ids.length) return false;
  if (/^[0-5]$/.test(key)) marks.set(ids, { rating: Number(key) });
  else marks.toggle(ids, key === "f" ? "favourite" : "rejected");
  return true;
}

const KEYS = {
  u: () => marks.undo(), "?": () => (showKeys(keys, words), true), m: () => (showMarks(marks, words), true), t: () => (theme(), true),
  c: () => (!table.isOpen && compare(), true), a: () => !table.isOpen && (grid.chooseAll(grid.chosenIds.length < grid.shown.length), true),
  Escape: () => (grid.chooseAll(false), true),
  " ": () => grid.focused && (grid.choose(grid.focused, !grid.chosen.has(grid.focused)), true),
};

const WITH_CONTROL = { z: () => marks.undo(), a: () => !table.isOpen && (grid.chooseAll(true), true) };

addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]") || event.target.matches("textarea, select, input[type=range]")) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey) return void (WITH_CONTROL[key]?.() && event.preventDefault());
  const isTile = event.target === document.body || event.target.closest(".tile, .table");
  const done =
    (table.isOpen && table.press(event)) || (/^[0-5fx]$/.test(key) && !event.altKey && mark(key)) ||
    (!table.isOpen && key.startsWith("Arrow") && isTile && (grid.move(key), true)) ||
    (!event.altKey && !(key === " " && !event.target.matches(".tile-picture")) && KEYS[key]?.());
  if (done) event.preventDefault();
});

// What is not as it should be: how much of it, and, when opened, which.
function lost(text) {
  const [head, ...files] = text.split("\n");
  return element("details", { classes: "bad", "data-testid": "missing" }, element("summary", { text: head }), element("p", { text: files.join("\n") }));
}

const empty = element("p", { classes: "quiet", text: words.nothing, hidden: true });
document.body.append(
  element("header", {},
    element("h1", { text: title, dir: "auto", title }),
    element("p", { classes: "quiet", text: about }),
    ...(missing ? [lost(missing)] : []), warning,
    element("div", { classes: "bar" }, element("div", { classes: "group chips" }, ...chips), size, compares, chosen,
      button(words.marks, words.marks_hint, () => showMarks(marks, words), { "data-testid": "open-marks" }),
      button("◐", words.theme, theme), button("?", words.keys, () => showKeys(keys, words), { "data-testid": "open-help" }))),
  element("main", {}, grid.element, empty), table.element);
filter("all");
refresh();
