// A scanner types like a keyboard, only faster. Keys less than the gap apart, eight or more, ended
// by Enter or Tab, are a scan wherever the focus is; only a text area keeps them. The text of a
// citizen card goes to the field that reads cards, anything else to the field in the bar. A counter
// with a slow scanner sets another gap in <body data-scan-gap="65">.

const SHORTEST = 8;
const gapMs = () => Number(document.body.dataset.scanGap) || 50;

let keys = "";
let lastAt = 0;
let target = null;
let before = null; // the focused field and what it held when the burst began

function begin(focused) {
  keys = "";
  target = focused;
  const takesText = target.matches("input") && target.selectionStart !== null;
  before = takesText ? { field: target, value: target.value } : null;
}

function follow(event) {
  if (event.timeStamp - lastAt > gapMs() || event.target !== target) begin(event.target);
  lastAt = event.timeStamp;
}

// Letters that no key of the layout has arrive as input only, so the field knows better than keys.
function scanned() {
  if (!before) return keys;
  const { field, value } = before;
  return field.value.startsWith(value) ? field.value.slice(value.length) : keys;
}

const fieldFor = (text) =>
  (text.includes("|") && document.querySelector("[data-card-field] input")) || document.getElementById("scan");

function take(text) {
  const field = fieldFor(text);
  if (!field) return;
  if (before && before.field !== field) before.field.value = before.value;
  field.value = text;
  const button = field.closest("[data-card-field]")
    ? document.querySelector("[data-read]")
    : field.form.querySelector("button[type=submit]");
  button.click();
}

document.addEventListener(
  "keydown",
  (event) => {
    if (event.isComposing || !event.target.matches || event.target.matches("textarea")) return;
    follow(event);
    if (event.key.length === 1) {
      keys += event.key;
      return;
    }
    const text = scanned();
    if ((event.key !== "Enter" && event.key !== "Tab") || text.length < SHORTEST) return;
    event.preventDefault();
    event.stopPropagation();
    take(text);
    keys = "";
  },
  true,
);

document.addEventListener(
  "input",
  (event) => {
    // A pasted text is no scan: only what follows a key at once goes on with the burst.
    if (event.timeStamp - lastAt <= gapMs()) lastAt = event.timeStamp;
  },
  true,
);
