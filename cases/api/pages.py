"""Keyset pages: {"next", "previous", "results"}, no count and no offset."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

PAGE_SIZE = 50
_LARGEST_ID = 2**63 - 1


class KeysetPages(CursorPagination):
    """Newest first. Raises ValidationError at `cursor` for one that we did not make."""

    page_size = PAGE_SIZE
    ordering: Any = "-id"

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except NotFound:
            raise self._invalid() from None
        if cursor and cursor.position is not None and not self.is_position(str(cursor.position)):
            raise self._invalid()
        return cursor

    def is_position(self, text: str) -> bool:
        """True for a value that the ordering column can hold."""
        return text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= _LARGEST_ID

    def _invalid(self) -> ValidationError:
        return ValidationError({"cursor": [_("This page does not exist. Start again.")]})


class CodePages(KeysetPages):
    """In the order of codes."""

    ordering: Any = "code"

    def is_position(self, text: str) -> bool:
        return len(text) <= 40 and "\0" not in text
