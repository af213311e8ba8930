"""The English message ids of the code and its templates, read by Babel (no system gettext)."""

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir, extract_python
from babel.messages.pofile import write_po
from django.utils.translation.template import templatize

KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "_g": None,  # gettext in a module where _ is the lazy one
    "_l": None,  # gettext_lazy in a module where _ is the plain one
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# The first pattern that fits a path says how it is read.
METHODS = [
    ("**/tests/**", "ignore"),
    ("var/**", "ignore"),
    ("staticfiles/**", "ignore"),
    ("**.py", "python"),
    ("**/templates/**.html", "common.extract:extract_template"),
]


def extract_template(
    fileobj: IO[bytes],
    keywords: Mapping[str, Any],
    comment_tags: Sequence[str],
    options: Any,
) -> Iterator[Any]:
    """Babel's reader of Django templates: line, function, messages and comments of each."""
    source = templatize(fileobj.read().decode("utf-8"))
    yield from extract_python(BytesIO(source.encode("utf-8")), keywords, comment_tags, options)


def fresh_catalogue(root: Path) -> Catalog:
    """Every message that the code under `root` uses now, untranslated."""
    catalogue = Catalog(domain="django", fuzzy=False)
    found = extract_from_dir(
        root,
        method_map=METHODS,
        keywords=KEYWORDS,
        comment_tags=("Translators:",),
    )
    for _file, _line, message, comments, context in found:
        catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def write_catalogue(catalogue: Catalog, path: Path) -> None:
    """The .po file: sorted, without places, so that a change shows as itself in a diff."""
    with path.open("wb") as output:
        write_po(
            output,
            catalogue,
            width=0,
            no_location=True,
            sort_output=True,
            ignore_obsolete=True,
            include_previous=False,
        )
