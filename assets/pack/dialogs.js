// The keys, and the marks as a text to copy or to save.
import { button, element } from "batchgen-pack/parts.js";

function dialog(mark, title, words, ...content) {
  const closes = button("✕", words.close, () => made.close());
  const made = element("dialog", { "data-testid": mark, "aria-label": title },
    element("div", { classes: "dialog-head" }, element("h2", { text: title }), closes), ...content);
  made.addEventListener("close", () => made.remove());
  made.addEventListener("click", (event) => event.target === made && made.close());
  document.body.append(made);
  made.showModal();
  return made;
}

export function showKeys(keys, words) {
  if (document.querySelector("[data-testid=help]")) return;
  const lines = keys.map(([key, what]) => element("div", {}, element("dt", {}, element("kbd", { text: key })), element("dd", { text: what })));
  dialog("help", words.keys, words, element("dl", { classes: "keys" }, ...lines));
}

async function copy(field) {
  field.select();
  // The clipboard of the browser is not there for every file that is opened from a disk.
  await (navigator.clipboard?.writeText(field.value) ?? Promise.reject(new Error())).catch(() => document.execCommand("copy"));
}

function save(text, name, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  element("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

export function showMarks(marks, words) {
  const kinds = { json: [() => marks.json(), "application/json"], csv: [() => marks.csv(), "text/csv"] };
  let kind = "json";
  const field = element("textarea", { readonly: true, rows: 12, spellcheck: "false", "aria-label": words.marks, "data-testid": "marks-text" });
  const done = element("span", { role: "status" });
  const choose = (chosen) => {
    kind = chosen;
    field.value = kinds[chosen][0]();
    for (const each of choices.children) each.setAttribute("aria-pressed", String(each.dataset.kind === chosen));
  };
  const choices = element("div", { classes: "group" },
    ...Object.keys(kinds).map((each) => button(each.toUpperCase(), each.toUpperCase(), () => choose(each), { "data-kind": each })));
  const copies = button(words.copy, words.copy, async () => {
    await copy(field);
    done.textContent = words.copied;
  }, { "data-testid": "marks-copy" });
  const saves = button(words.save, words.save, () => save(field.value, `marks.${kind}`, kinds[kind][1]), { "data-testid": "marks-save" });
  dialog("marks", words.marks, words,
    element("p", { text: marks.isKept ? words.kept_here : words.not_kept, classes: marks.isKept ? "quiet" : "bad" }),
    element("div", { classes: "bar" }, choices, copies, saves, done), field);
  choose(kind);
}
