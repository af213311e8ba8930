// What the administration's own pages do not say: which field a search box (select2) is, which
// column a control of a row belongs to. They get the name of their label, or of their column, as
// soon as they appear, in rows that are added too.

function nameOf(control) {
  const column = control.closest("td")?.className.match(/field-(\w+)/)?.[1];
  const table = control.closest(".tabular")?.querySelector("table");
  const label =
    document.querySelector(`label[for="${control.id}"]`) ??
    table?.querySelector(column ? `th.column-${column}` : "th:last-child");
  if (label) label.id ||= `${control.id}-name`;
  return label?.id;
}

function nameBox(select) {
  const box = select.parentElement.querySelector("[role=combobox]:not([data-named])");
  const name = box && nameOf(select);
  if (!name) return;
  const value = box.querySelector("[role=textbox]");
  box.setAttribute("aria-labelledby", [name, value?.id].filter(Boolean).join(" "));
  for (const part of box.querySelectorAll("[role=textbox], [role=searchbox]")) {
    part.setAttribute("aria-labelledby", name);
  }
  box.dataset.named = "";
}

function nameControl(control) {
  const name = !control.labels?.length && nameOf(control);
  if (name) control.setAttribute("aria-labelledby", name);
}

function nameAll() {
  document.querySelectorAll("select.select2-hidden-accessible").forEach(nameBox);
  const controls = ".tabular td :is(input:not([type=hidden]), select, textarea):not([aria-labelledby])";
  document.querySelectorAll(controls).forEach(nameControl);
}

// A head without words is no head, and what scrolls sideways must be reachable by keys.
for (const head of document.querySelectorAll("thead th:empty")) head.setAttribute("role", "cell");
for (const group of document.querySelectorAll(".inline-group")) group.tabIndex = 0;

new MutationObserver(nameAll).observe(document.body, { childList: true, subtree: true });
nameAll();
