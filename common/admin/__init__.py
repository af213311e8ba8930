"""What the administration pages of every app share."""

from common.admin.forms import CarefulForms, is_row_id
from common.admin.history import RemembersValues, in_words
from common.admin.lists import (
    AccentFreeSearch,
    CappedPaginator,
    CarefulLists,
    ChoiceFilter,
    LongList,
    ReadOnlyAdmin,
    ReadOnlyInline,
    ReadOnlyMixin,
    RefusalsAsMessages,
    presence,
)

__all__ = [
    "AccentFreeSearch",
    "CappedPaginator",
    "CarefulForms",
    "CarefulLists",
    "ChoiceFilter",
    "LongList",
    "ReadOnlyAdmin",
    "ReadOnlyInline",
    "ReadOnlyMixin",
    "RefusalsAsMessages",
    "RemembersValues",
    "in_words",
    "is_row_id",
    "presence",
]
