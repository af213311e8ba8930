// The checklist of the counter by keys: 1 original, 2 copy, 3 from data, 0 missing, arrows between
// lines, + and - for the number. And the time that is left to undo. The page is whole without.

const STATES = { 1: "original", 2: "copy", 3: "database", 0: "missing" };
const STEPS = { ArrowDown: 1, ArrowUp: -1 };

function goTo(line) {
  const radio = line?.querySelector("input[type=radio]:checked, input[type=radio]");
  radio?.focus();
}

function count(line, by) {
  const field = line.querySelector("input[type=number]");
  field.value = Math.min(99, Math.max(0, Number(field.value || 0) + by));
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.("[data-checklist] fieldset");
  if (!line || event.ctrlKey || event.altKey || event.metaKey) return;
  const lines = [...line.parentElement.querySelectorAll("fieldset")];
  const neighbour = (by) => lines[lines.indexOf(line) + by];
  const isNumber = event.target.type === "number";
  if (event.key in STEPS && !isNumber) {
    goTo(neighbour(STEPS[event.key]));
  } else if (event.key in STATES && !isNumber) {
    line.querySelector(`input[value=${STATES[event.key]}]`)?.click();
    goTo(neighbour(1) ?? line);
  } else if (event.key === "+" || event.key === "-") {
    count(line, event.key === "+" ? 1 : -1);
  } else {
    return;
  }
  event.preventDefault();
});

// A change made while an answer is under way does not ask again by itself: the answer would bring
// back what was true before. So whoever brings an older answer makes the page ask once more.
const form = document.getElementById("intake");
let changes = 0;
let asked = 0;

form?.addEventListener("change", (event) => {
  if (event.target !== form) changes += 1;
});
form?.addEventListener("htmx:beforeRequest", () => {
  asked = changes;
});
for (const end of ["htmx:afterSettle", "htmx:sendError", "htmx:responseError"]) {
  form?.addEventListener(end, () => {
    if (changes > asked) form.dispatchEvent(new Event("change"));
  });
}

for (const shown of document.querySelectorAll("[data-left-s]")) {
  const endsAt = Date.now() + 1000 * Number(shown.dataset.leftS);
  const timer = setInterval(() => {
    const left = Math.max(0, Math.round((endsAt - Date.now()) / 1000));
    shown.querySelector("[data-left]").textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    if (!left) {
      clearInterval(timer);
      shown.hidden = true;
    }
  }, 1000);
}
