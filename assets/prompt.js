// Ctrl or ⌘ with ↑ or ↓ weighs words in a prompt ([data-prompt]) in the notation of ComfyUI:
// "(words:1.05)". Whatever is written here, the browser's own Ctrl+Z takes back.
const STEP = 0.05;
const UNSAID = 1.1; // the weight of brackets without a number
const WEIGHTED = /^([\s\S]+):\s*([+-]?(?:\d+\.?\d*|\.\d+))\s*$/;
const WORD = /(?:\\[()]|[^\s,;()[\]{}|<>])+/g;
const AROUND_WORDS = { before: /^[\s,]+/, behind: /[\s,]+$/ };
const AROUND_A_WORD = { before: /^[.!?:]+/, behind: /[.!?:]+$/ };

function write(field, start, end, text, selection) {
  field.focus();
  field.setSelectionRange(start, end);
  // Before anybody hears of the text: Quasar has what is selected then selected again later.
  const select = () => field.setSelectionRange(...selection);
  document.addEventListener("input", select, { once: true, capture: true });
  // Nothing else that writes leaves the browser's way back; without it, the words count.
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

const groupOf = (text, start, end) => {
  const within = text.slice(start + 1, end - 1);
  const [, words, weight] = within.match(WEIGHTED) ?? [null, within, UNSAID];
  return { start, end, from: start + 1, to: start + 1 + words.length, weight: Number(weight) };
};

// An inner one stands before the outer one. "\(" is a bracket of the text.
function groupsOf(text) {
  const [opened, groups] = [[], []];
  for (const { 0: bracket, index } of text.matchAll(/\\[()]|[()]/g)) {
    if (bracket === "(") opened.push(index);
    if (bracket === ")" && opened.length) groups.push(groupOf(text, opened.pop(), index + 1));
  }
  return groups;
}

const unweighted = (start, end) => ({ start, end, from: start, to: end, weight: 1 });

function trimmed(text, start, end, { before, behind }) {
  const shown = text.slice(start, end);
  const first = start + (shown.match(before)?.[0].length ?? 0);
  return [first, Math.max(first, end - (shown.match(behind)?.[0].length ?? 0))];
}

function wordAt(text, caret) {
  for (const { 0: word, index } of text.matchAll(WORD)) {
    if (caret < index || caret > index + word.length) continue;
    const [start, end] = trimmed(text, index, index + word.length, AROUND_A_WORD);
    return start < end ? unweighted(start, end) : undefined;
  }
}

const atCaret = (text, caret, groups) =>
  groups.find(({ start, end }) => start < caret && caret < end) ??
  wordAt(text, caret) ??
  groups.find(({ start, end }) => start === caret || end === caret);

function selected(text, start, end, groups) {
  const isWhole = (one) => one.start === start && one.end === end;
  const areItsWords = (one) => String(trimmed(text, one.from, one.to, AROUND_WORDS)) === String([start, end]);
  const holdsTheWeight = (one) => one.start < start && one.to < end && end <= one.end;
  const has = (at) => start <= at && at < end;
  const group = groups.find((one) => isWhole(one) || areItsWords(one) || holdsTheWeight(one));
  const isCut = groups.some((one) => has(one.start) !== has(one.end - 1));
  return group ?? (isCut || start === end ? undefined : unweighted(start, end));
}

function meant(text, start, end) {
  const groups = groupsOf(text);
  if (start === end) return atCaret(text, start, groups);
  return selected(text, ...trimmed(text, start, end, AROUND_WORDS), groups);
}

function weigh(field, by) {
  const { value: text, selectionStart, selectionEnd } = field;
  const group = meant(text, selectionStart, selectionEnd);
  if (!group || group.from === group.to) return;
  const words = text.slice(group.from, group.to);
  const weight = Number((group.weight + by).toFixed(10)); // 1.05 + 0.05 is not quite 1.1
  const from = group.start + (weight === 1 ? 0 : 1);
  const caret = from + Math.min(Math.max(selectionStart - group.from, 0), words.length);
  const selection = selectionStart === selectionEnd ? [caret, caret] : [from, from + words.length];
  write(field, group.start, group.end, weight === 1 ? words : `(${words}:${weight})`, selection);
}

document.addEventListener("keydown", (event) => {
  const by = { ArrowUp: STEP, ArrowDown: -STEP }[event.key];
  const isHeld = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
  if (!by || !isHeld || event.isComposing || !event.target.matches?.("[data-prompt]")) return;
  event.preventDefault();
  weigh(event.target, by);
});
