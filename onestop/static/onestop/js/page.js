// Small helps on pages that are whole without them.

// An action that is off says why: pressing it moves to the reason.
document.addEventListener("click", (event) => {
  const off = event.target.closest('[aria-disabled="true"]');
  if (!off) return;
  event.preventDefault();
  const reason = document.getElementById(off.getAttribute("aria-describedby"));
  if (!reason) return;
  reason.setAttribute("tabindex", "-1");
  reason.focus();
});

// Printing needs script, so its button is shown by script.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
