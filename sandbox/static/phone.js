// Refreshes the parts of the phone page that others change. Without it, reload by hand.
"use strict";

(() => {
  const PARTS = ["live-chat", "live-people", "live-faults", "live-modes", "live-wire"];
  const EACH_MS = 1000;
  const main = document.getElementById("main");
  let shown = Number(main.dataset.revision);

  async function refresh() {
    const answer = await fetch("/_phone/revision", { cache: "no-store" });
    const { revision } = await answer.json();
    if (revision === shown) return;
    const address = location.pathname === "/" ? location.href : "/";
    const page = await fetch(address, { cache: "no-store" });
    if (!page.ok) return;
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    for (const id of PARTS) {
      const old = document.getElementById(id);
      const part = fresh.getElementById(id);
      if (old && part && !old.contains(document.activeElement)) old.replaceChildren(...part.children);
      else if (old && part && old === document.activeElement) old.replaceChildren(...part.children);
    }
    shown = Number(fresh.getElementById("main").dataset.revision);
  }

  async function loop() {
    try {
      if (!document.hidden) await refresh();
    } catch {
      // The sandbox is restarting: the next round finds it again.
    }
    setTimeout(loop, EACH_MS);
  }

  setTimeout(loop, EACH_MS);
})();
