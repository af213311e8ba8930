"""`/webhooks/zalo/`: what the official account tells us."""

import logging

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from notifications.services import webhooks
from notifications.services.webhooks import Reception

MOST_BYTES = 1024 * 1024

logger = logging.getLogger(__name__)


@csrf_exempt  # Zalo proves itself by its signature
@require_http_methods(["GET", "HEAD", "POST"])
def zalo(request: HttpRequest) -> HttpResponse:
    """200 at once; what the event says is done later (zalo-contract 4, delivery-rules 8).

    Without a valid signature there is no effect: 200 until a signed event has been seen (a 401
    would make the console refuse the address), 401 afterwards.
    """
    if request.method != "POST":
        return _plain("webhook")
    raw = request.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        return _plain("too large", status=413)
    try:
        reception = webhooks.receive(
            raw=raw,
            signature=request.headers.get("X-ZEvent-Signature", ""),
            headers=request.headers,
        )
        is_refused = reception is Reception.FORGED and webhooks.has_verified_once()
    except DatabaseError:
        logger.exception("a webhook could not be stored; Zalo sends it again")
        return _plain("try again", status=503)
    return _plain("bad signature", status=401) if is_refused else _plain("ok")


def _plain(text: str, *, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
