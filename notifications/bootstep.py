"""Hosts the drain loop in a Celery worker: `celery -A onestop worker --drain-lane emergency`.

The loop starts before the consumer connects, so it sends with the broker dead from the start, and
ends when the worker is told to stop (delivery-rules 1.12).
"""

import logging
import os
import signal
import threading
from typing import Any

from celery import Celery, bootsteps
from click import Option

from notifications.words import Lane

OPTION = Option(
    ["--drain-lane"],
    default="",
    help="Send what is due on these lanes (emergency, personal, bulk), separated by commas.",
)
# Above what a sender may really wait for (43 s: a token being renewed while the database is away);
# processes.conf and docker-compose.yml give it longer still. An ordinary stop takes a moment.
STOP_WITHIN_S = 50.0

logger = logging.getLogger(__name__)


class DrainStep(bootsteps.StartStopStep):
    """One thread with the drain loop of the lanes that the worker was given."""

    requires = ("celery.worker.components:Pool",)

    def __init__(self, parent: Any, drain_lane: str = "", **options: Any) -> None:
        super().__init__(parent, **options)
        self.lanes = [Lane(name.strip()) for name in (drain_lane or "").split(",") if name.strip()]
        self.enabled = bool(self.lanes)
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, parent: Any) -> None:
        self._thread = threading.Thread(target=self._drain, name="drain", daemon=True)
        self._thread.start()
        logger.info("draining %s", ", ".join(lane.value for lane in self.lanes))

    def stop(self, parent: Any) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=STOP_WITHIN_S)

    terminate = stop

    def _drain(self) -> None:
        from notifications.services.drain import drain

        try:
            drain(self.lanes, self._stop)
        except Exception:
            logger.critical("the drain loop ended by a fault of our own", exc_info=True)
            # A worker that does not send is no worker: its supervisor starts another.
            os.kill(os.getpid(), signal.SIGTERM)


def install(app: Celery) -> None:
    """Give every worker of the application the option and the step."""
    app.user_options["worker"].add(OPTION)
    app.steps["worker"].add(DrainStep)
