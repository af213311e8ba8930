"""Pictures of pages, small enough to keep."""

import io
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

_COLOURS = 256


def keep(page: Page, path: Path) -> None:
    """Writes the whole page into a PNG with few colours. Puts nothing into the page itself."""
    path.parent.mkdir(parents=True, exist_ok=True)
    page.evaluate("scrollTo(0, 0)")
    # A hidden caret or stopped animations would be a style inside the page, against its policy.
    shot = page.screenshot(full_page=True, caret="initial", animations="allow")
    with Image.open(io.BytesIO(shot)) as picture:
        few = picture.convert("RGB").quantize(_COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=1)
        few.save(path, optimize=True)
