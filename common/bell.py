"""The doorbell of the senders: a hint after commit that rows wait, never the queue itself.

Losing a ring costs up to one poll of the drain loop, so a broken broker must neither fail nor hold
up the request that rings (delivery-rules 1.12 and 7).
"""

import logging
import threading
import time

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

TASK = "notifications.tasks.nudge"
WEBHOOK_TASK, WEBHOOK_QUEUE = "notifications.tasks.process_webhooks", "webhooks"
QUIET_AFTER_FAILURE_S = 5.0
# Against a broker that hangs: the most that one ring can cost a request.
_SOCKET_OPTIONS = {"socket_connect_timeout": 0.3, "socket_timeout": 0.5, "max_retries": 0}
SHORTEST_GAP_S = 0.1

logger = logging.getLogger(__name__)
_state_lock = threading.Lock()
_quiet_until = 0.0
_last_ring: dict[str, float] = {}


def ring(lane: str) -> None:
    """Wake the sender of `lane` (emergency, personal, bulk) once the transaction has committed.

    Never raises and costs at most 0.6 s; rings of one lane closer than 0.1 s are one ring. Outside
    a transaction it rings at once.
    """
    transaction.on_commit(lambda: _publish(TASK, queue=lane, args=(lane,)), robust=True)


def ring_for_webhooks() -> None:
    """As `ring`, for the worker that works on stored webhooks."""
    transaction.on_commit(lambda: _publish(WEBHOOK_TASK, queue=WEBHOOK_QUEUE), robust=True)


def _publish(task: str, *, queue: str, args: tuple[str, ...] = ()) -> None:
    if not _may_ring(queue):
        return
    try:
        with current_app.connection_for_write(
            transport_options={**current_app.conf.broker_transport_options, **_SOCKET_OPTIONS}
        ) as connection:
            current_app.send_task(
                task,
                args=args,
                queue=queue,
                connection=connection,
                retry=False,
                retry_policy={"max_retries": 0},
                expires=10,
                ignore_result=True,
            )
    except (OperationalError, OSError) as error:
        _be_quiet()
        logger.warning("the bell of queue %s cannot be rung: %s", queue, type(error).__name__)


def _may_ring(queue: str) -> bool:
    now = time.monotonic()
    with _state_lock:
        if now < _quiet_until or now - _last_ring.get(queue, -1.0) < SHORTEST_GAP_S:
            return False
        _last_ring[queue] = now
        return True


def _be_quiet() -> None:
    global _quiet_until
    with _state_lock:
        _quiet_until = time.monotonic() + QUIET_AFTER_FAILURE_S
