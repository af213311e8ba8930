"""Message catalogues without gettext: extract, update and compile with Babel.

python -m onestop.launch.catalogues compile|update
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "locale"


def compile_changed() -> int:
    """Compile each catalogue that is newer than its compiled form; how many there were."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    changed = 0
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parent.parent.name)
        fresh = target.with_suffix(".mo.new")
        with fresh.open("wb") as output:
            write_mo(output, catalogue)
        fresh.replace(target)
        changed += 1
    return changed


def update() -> None:
    """Bring the catalogues in line with the code: new ids empty, ids no longer used removed."""
    from babel.messages.pofile import read_po

    from common.extract import fresh_catalogue, write_catalogue

    fresh = fresh_catalogue(ROOT)
    for source in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        with source.open("rb") as lines:
            catalogue = read_po(lines, locale=source.parent.parent.name)
        catalogue.update(fresh, no_fuzzy_matching=True)
        write_catalogue(catalogue, source)


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    compile_changed()
