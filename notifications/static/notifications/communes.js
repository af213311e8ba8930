// Finds communes in a long list of boxes; without script the whole list stands there.
const box = document.querySelector("[data-commune-find]");
const fold = (text) => text.toLowerCase().replaceAll("đ", "d").normalize("NFD").replace(/\p{M}/gu, "").trim();

if (box) {
  const field = box.querySelector("input");
  const found = box.querySelector("[data-found]");
  const rows = [...document.querySelectorAll("#commune-list > li")];
  box.hidden = false;
  field.addEventListener("input", (event) => {
    event.stopPropagation(); // searching changes nothing that the preview shows
    const wanted = fold(field.value);
    const shown = rows.filter((row) => {
      row.hidden = !row.dataset.words.includes(wanted);
      return !row.hidden;
    });
    found.textContent = wanted ? `${shown.length} ${found.dataset.words}` : "";
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault(); // Enter ticks the only one that is left
    const left = rows.filter((row) => !row.hidden);
    if (left.length === 1) left[0].querySelector("input").click();
  });
}
