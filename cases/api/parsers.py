"""Bodies of requests: JSON in UTF-8 that can be stored and sent back, and nothing else."""

import json
from collections.abc import Mapping
from typing import IO, Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from common.errors import DomainError

LARGEST_BYTES = 1_000_000


class StrictJSONParser(BaseParser):
    """Reads JSON; refuses NaN, lone surrogates, depths and lengths that no honest caller sends.

    The charset that a caller declares is not looked at: JSON is UTF-8 (RFC 8259).
    """

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        body = stream.read(LARGEST_BYTES + 1)
        if len(body) > LARGEST_BYTES:
            raise DomainError(_("The request is too large."), code="too_large", status=413)
        try:
            data = json.loads(body.decode("utf-8-sig"))
            canonical(data)
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not valid JSON in UTF-8.")) from None
        return data


def canonical(data: Any) -> bytes:
    """The one spelling of a JSON value. Raises ValueError for what UTF-8 or JSON cannot hold."""
    text = json.dumps(
        data, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return text.encode()
