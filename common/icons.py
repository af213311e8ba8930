"""The icons of the portal: 24 x 24 line drawings, read once from the sheet `icons.svg`."""

import re
from functools import cache
from pathlib import Path

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_SHEET = Path(__file__).with_name("icons.svg")
_SYMBOL = re.compile(r'<symbol id="i-([a-z-]+)" viewBox="0 0 24 24">(.*?)</symbol>')


@cache
def shapes() -> dict[str, str]:
    """The drawing of each icon by its name ("clock"), as SVG markup of our own."""
    return dict(_SYMBOL.findall(_SHEET.read_text(encoding="utf-8")))


def svg(name: str) -> SafeString:
    """The icon as inline SVG, hidden from screen readers: words always stand beside it.

    Inline and not a sprite, so that a part that htmx swaps in brings what it shows.
    """
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{}</svg>',
        mark_safe(shapes()[name]),  # from our own file, not from a person
    )
