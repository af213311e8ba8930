"""Keeps one sender supplied with a credential; renewing happens on a thread of its own."""

import logging
import threading
import time

from django.db import connection

from notifications.policies import scaled
from notifications.services import tokens
from notifications.services.tokens import Credential

_LOOK_EVERY_S = 1.0
_LOOK_EAGERLY_EVERY_S = 0.2

logger = logging.getLogger(__name__)


class Renewer:
    """The credential as last read, at most a second old. Used by one thread."""

    def __init__(self, me: str, bell: threading.Event) -> None:
        self._me = me
        self._bell = bell
        self._read_at = float("-inf")
        self._refused: int | None = None
        self._thread: threading.Thread | None = None
        self._stopping = threading.Event()
        self.credential: Credential | None = None

    def current(self) -> Credential | None:
        """The credential to send with, or None while there is none; starts a renewal when due."""
        now = time.monotonic()
        pause_s = _LOOK_EVERY_S if self.credential else _LOOK_EAGERLY_EVERY_S
        if now - self._read_at >= scaled(pause_s):
            self._read_at = now
            self.credential = tokens.credential(refused=self._refused)
            if not self.is_renewing() and tokens.wants_renewal(refused=self._refused):
                self._start()
        return self.credential

    def refuse(self, generation: int) -> None:
        """The provider refused a token of this generation: nothing more is sent with it."""
        if self.credential is not None and self.credential.generation > generation:
            return
        self._refused = generation
        self.credential = None
        self._read_at = float("-inf")

    def stop(self) -> None:
        """Begin no renewal any more; one under way goes on."""
        self._stopping.set()

    def is_renewing(self) -> bool:
        """True while an answer may come that is the only copy of the next pair.

        After `stop` for `tokens.longest_renewal_s` at most.
        """
        return self._thread is not None and self._thread.is_alive()

    def _start(self) -> None:
        self._thread = threading.Thread(target=self._renew, name="zalo-token", daemon=True)
        self._thread.start()

    def _renew(self) -> None:
        try:
            tokens.renew(me=self._me, refused=self._refused, gives_up=self._stopping)
        except Exception:
            logger.exception("the token pair could not be renewed")
        finally:
            connection.close()
            self._bell.set()
