"""The steps of a sender one by one, for what happens between them."""

import json
import time
from datetime import timedelta
from typing import Any

from django.db.models.functions import Now

from notifications.channels.base import Answer
from notifications.models import Delivery
from notifications.services import intent, lease, results, sweep, tokens
from notifications.services.intent import Outgoing
from notifications.states import State
from notifications.tests.engine import dispatch_all
from notifications.words import Lane

ME = "test"


def send_on() -> Outgoing:
    """The intent of the only delivery that is due is committed: its bytes may leave."""
    dispatch_all()
    credential = tokens.credential()
    assert credential is not None
    rows = lease.take(Lane.PERSONAL, me=ME, limit=9)
    [out] = intent.intend(rows, credential=credential, me=ME)
    return out


def come(out: Outgoing, body: dict[str, Any]) -> None:
    """The answer to an attempt arrives and is written."""
    answer = Answer(status=200, body=json.dumps(body).encode())
    results.write([results.answered(out, answer, leased_at=time.monotonic())])


def success(msg_id: str) -> dict[str, Any]:
    """What Zalo answers to a message that it took, on any channel."""
    return {"error": 0, "data": {"msg_id": msg_id, "message_id": msg_id}}


def lose_leases() -> None:
    """The senders of all that is on its way are gone, and the sweep has noticed."""
    Delivery.objects.filter(state=State.SENDING).update(lease_until=Now() - timedelta(seconds=1))
    sweep.run()
