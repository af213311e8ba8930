// Keys of officers' pages. A control names its key in data-key ("F9", "Escape", "Ctrl+Enter"):
// a field gets the focus, anything else is pressed. Pages are whole without.

const keyOf = (event) => (event.ctrlKey && event.key === "Enter" ? "Ctrl+Enter" : event.key);

document.addEventListener("keydown", (event) => {
  const key = keyOf(event);
  if (event.isComposing || event.altKey || event.metaKey || (event.ctrlKey && key === event.key)) return;
  const control = [...document.querySelectorAll("[data-key]")].find(
    (each) => each.dataset.key === key && each.getClientRects().length,
  );
  if (!control) return;
  event.preventDefault();
  if (control.matches("input, select, textarea")) {
    control.focus();
    control.select?.();
  } else {
    control.click();
  }
});

// In a list that has the focus: arrows or J and K go from one dossier to the next.
const STEPS = { ArrowDown: 1, j: 1, J: 1, ArrowUp: -1, k: -1, K: -1 };

document.addEventListener("keydown", (event) => {
  const step = STEPS[event.key];
  const list = event.target.closest?.("[data-list]");
  if (!step || !list || event.ctrlKey || event.altKey || event.metaKey) return;
  const links = [...list.querySelectorAll("tbody th a")];
  const row = event.target.closest("tr");
  const next = links[links.findIndex((link) => row?.contains(link)) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
});
