"""Message catalogues without gettext: extract, update and compile with Babel.

python -m onestop.launch.catalogues compile|update
"""

import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALE = ROOT / "locale"
_KEYWORDS = ("gettext_lazy", "ngettext_lazy:1,2", "pgettext_lazy:1c,2", "npgettext_lazy:1c,2,3")
_EXTRACT = ("-c", "Translators:", "--no-location", "--sort-output")
_UPDATE = ("-D", "django", "--no-fuzzy-matching", "--ignore-obsolete", "--no-wrap")


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
    babel = [sys.executable, "-m", "babel.messages.frontend"]
    keywords = [word for keyword in _KEYWORDS for word in ("-k", keyword)]
    with tempfile.TemporaryDirectory(prefix="os-pot-") as folder:
        template = str(Path(folder) / "django.pot")
        subprocess.run(
            [*babel, "extract", "-F", "babel.cfg", *keywords, *_EXTRACT, "-o", template, "."],
            cwd=ROOT,
            check=True,
        )
        subprocess.run(
            [*babel, "update", *_UPDATE, "-i", template, "-d", str(LOCALE)],
            cwd=ROOT,
            check=True,
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["update"]:
        update()
    compile_changed()
