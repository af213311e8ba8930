"""What needs an administrator's attention: one sentence each, from the app that owns the noun.

The setting ADMIN_ATTENTION lists dotted names of functions without arguments that return a list of
`Concern`. Each makes a bounded number of queries, whatever the tables hold.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

_NAMED = 5


class Gravity(IntEnum):
    """How grave: the larger, the sooner somebody must act."""

    NOTE = 1
    SOON = 2
    NOW = 3


@dataclass(frozen=True)
class Concern:
    """One thing to mend. `text` is a sentence for people, already translated.

    `page` names the address in the administration where it is mended, with `query` behind it;
    `right` is what a user needs for that page ("" for both: it is mended elsewhere).
    """

    gravity: Gravity
    text: str
    page: str = ""
    query: str = ""
    right: str = ""


def concerns(names: Iterable[str]) -> list[Concern]:
    """What the functions of these dotted names find, the gravest first."""
    found: list[Concern] = []
    for name in names:
        found += import_string(name)()
    return sorted(found, key=lambda concern: -concern.gravity)


def some(names: Iterable[str]) -> str:
    """The first few of many names, and how many more there are: "A; B and 3 more"."""
    all_names = list(names)
    shown = "; ".join(all_names[:_NAMED])
    if len(all_names) <= _NAMED:
        return shown
    return _("%(names)s and %(n)d more") % {"names": shown, "n": len(all_names) - _NAMED}
