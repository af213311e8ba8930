"""Runs senders in tests, and waits for facts instead of sleeping."""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from django.db import connection
from django.utils import timezone

from citizens.models import Citizen, ZaloLink
from notifications.models import Delivery, ZaloAccount, ZaloTemplate
from notifications.models.zalo import TemplateStatus
from notifications.services.dispatch import Dispatcher
from notifications.services.drain import drain
from notifications.words import Lane
from notifications.zalo_templates import templates

_POLL_S = 0.02
BOTH = (Lane.PERSONAL, Lane.BULK)


def add_templates(account: ZaloAccount) -> None:
    """The templates of the file as an account has them that enabled all."""
    ZaloTemplate.objects.bulk_create(
        ZaloTemplate(
            account=account,
            name=template.name,
            template_id=f"4{number:05d}",
            status=TemplateStatus.ENABLE,
            params=[{"name": p.name, "maxLength": p.max_length} for p in template.params],
            synced_at=timezone.now(),
        )
        for number, template in enumerate(templates().values())
    )


def link_zalo(citizen: Citizen, user_id: str = "6630000000000000003") -> ZaloLink:
    """The citizen's linked account."""
    return ZaloLink.objects.create(user_id=user_id, citizen=citizen)


def dispatch_all() -> None:
    """Makes notifications of all that waits, in this thread."""
    dispatcher = Dispatcher(Lane)
    while dispatcher.step():
        pass


@contextmanager
def sending(lanes: Sequence[Lane] = BOTH, *, senders: int = 1) -> Iterator[None]:
    """Drain loops on threads of their own, ended at the end."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_run, args=(lanes, stop), daemon=True) for _n in range(senders)
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=30)
        assert not any(thread.is_alive() for thread in threads)


def _run(lanes: Sequence[Lane], stop: threading.Event) -> None:
    try:
        drain(lanes, stop)
    finally:
        connection.close()


def wait_until(holds: Callable[[], bool], *, within_s: float = 30.0) -> None:
    """Return as soon as the condition holds; fail with the states of all deliveries otherwise."""
    deadline = time.monotonic() + within_s
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {within_s} s; deliveries: {states()}")
        time.sleep(_POLL_S)


def states() -> list[tuple[str, str, str, str, str]]:
    """(kind, channel, state, reason, why) of every delivery, oldest first."""
    rows = Delivery.objects.order_by("id")
    return list(rows.values_list("kind", "channel", "state", "reason", "why"))


def state_of(kind: str) -> str:
    """The state of the newest delivery of a kind; "" while there is none."""
    row = Delivery.objects.filter(kind=kind).order_by("-id").values_list("state", flat=True).first()
    return row or ""
