"""What tests in a real browser look at on every page: its complaints, and the rules of access."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import ConsoleMessage, Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Preloading would put styles of axe itself into the page.
_RUN = """
async rules => {
  const found = await axe.run({preload: false, runOnly: {type: "tag", values: rules}});
  const places = rule => rule.nodes.map(node => node.html.slice(0, 160)).join(" | ");
  return found.violations.map(rule => `${rule.id}: ${places(rule)}`);
}
"""


@cache
def _axe() -> str:
    return next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text("utf-8")


# Said by htmx when a newer request takes the place of one under way, which is meant; by Chromium
# when somebody was in a field before the page could go to its first one.
_MEANT = ("htmx:sendAbort", "htmx:afterRequest", "Autofocus processing was blocked")


_NOT_LOADED = "Failed to load resource"


def complaints_of(page: Page) -> list[str]:
    """A list that grows by what console and scripts of the page say from now on."""
    said: list[str] = []

    def hear(text: str) -> None:
        if not text.startswith(_MEANT):
            said.append(text)

    def hear_console(message: ConsoleMessage) -> None:
        # What status a page itself has is for a test to say, not for its console.
        if message.location.get("url") != page.url or not message.text.startswith(_NOT_LOADED):
            hear(message.text)

    page.on("console", hear_console)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said


def broken_rules(page: Page, rules: Sequence[str] = RULES) -> list[str]:
    """The rules of WCAG 2.2 AA and of good practice that the page breaks, with the elements."""
    page.evaluate(_axe())
    found: list[str] = page.evaluate(_RUN, list(rules))
    return found


def sideways_px(page: Page) -> int:
    """By how much the page is wider than its window; 0 when nothing scrolls sideways."""
    wider: int = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return max(wider, 0)
