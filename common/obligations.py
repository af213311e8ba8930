"""What stands in the way of closing or deleting a row of a lower app, said by the apps above it.

Settings (OFFICE_OBLIGATIONS, CALENDAR_OBLIGATIONS) list dotted names of functions
`(row) -> list[str]`: reasons in words, none when the row is free.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.module_loading import import_string


def obligations(names: Iterable[str], row: Any) -> list[str]:
    """Every reason that the functions of these dotted names give, in their order."""
    return [reason for name in names for reason in import_string(name)(row)]
