"""`Idempotency-Key`: a POST that is sent again is answered again, not done again."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from cases.api.base import token_of
from cases.api.parsers import canonical
from cases.services.idempotency import Answer, answer_once

HEADER = "Idempotency-Key"
REPEATED_HEADER = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{1,128}")


def once(request: Request, status: int, produce: Callable[[], Any]) -> Response:
    """The answer of `produce` with `status`; with a key, the first one for 24 hours.

    Raises ValidationError for a key that cannot be kept, and what `produce` raises.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return Response(produce(), status=status)
    if not _KEY.fullmatch(key):
        raise ValidationError({HEADER: [_("Use 1 to 128 visible ASCII characters.")]})
    answer = answer_once(
        token=token_of(request),
        key=key,
        digest=_digest(request),
        produce=lambda: Answer(status, produce()),
    )
    headers = {REPEATED_HEADER: "true"} if answer.is_repeated else {}
    return Response(answer.body, status=answer.status, headers=headers)


def _digest(request: Request) -> str:
    """SHA-256 in hex of method, path and body; the order of a JSON object does not matter."""
    head = f"{request.method} {request.path}\n".encode()
    return hashlib.sha256(head + canonical(request.data)).hexdigest()
