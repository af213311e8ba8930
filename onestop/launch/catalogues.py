"""Message catalogues without gettext: brought in line with the code and compiled by Babel.

python -m onestop.launch.catalogues compile|update
"""

import os
import sys
from pathlib import Path

from onestop.launch import placeholders
from onestop.launch.folder import ROOT

LOCALE = ROOT / "locale"


def compile_changed() -> int:
    """Compile each catalogue that is newer than its compiled form; how many there were."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    changed = 0
    for source in _sources():
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parent.parent.name)
        # Renamed into place: a process that starts meanwhile reads no half of it.
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as output:
            write_mo(output, catalogue)
        fresh.replace(target)
        changed += 1
    return changed


def update() -> None:
    """Bring the catalogues in line with the code: new ids empty, ids no longer used removed."""
    placeholders.fill()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")
    from babel.messages.pofile import read_po

    from common.extract import fresh_catalogue, write_catalogue

    messages = fresh_catalogue(ROOT)
    for source in _sources():
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parent.parent.name)
        made = catalogue.creation_date
        catalogue.update(messages, no_fuzzy_matching=True)
        catalogue.creation_date = made  # a new date alone would be a change each time
        write_catalogue(catalogue, source)


def _sources() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    compile_changed()
