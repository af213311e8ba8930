"""The sender: polls the database, leases, commits intents, sends, writes results.

A plain function on one thread for the database, with an asyncio loop on another for HTTP only. It
needs no broker: the bell makes it faster, polling makes it sure (delivery-rules 1.5 to 1.7, 1.12).
"""

import logging
import os
import queue
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from django.conf import settings
from django.db import close_old_connections, connection

from notifications import policies
from notifications.channels import hosts
from notifications.channels.base import Answer
from notifications.channels.client import HttpLoop
from notifications.policies import scaled
from notifications.services import killpoints, lease, results, sweep, tokens
from notifications.services.dispatch import Dispatcher
from notifications.services.intent import GROUP, Interrupted, Outgoing, intend
from notifications.services.lease import Leased
from notifications.services.outage import database_is_gone
from notifications.services.renewer import Renewer
from notifications.services.results import Answered
from notifications.words import Lane

WINDOW = 32
LEASE_AHEAD = 256
_LEAST_GROUP = 8
_REST_S = 1.0
_MOST_UNWRITTEN = 200
# Of nine leases eight are personal, so that bulk is slow but never starves.
_SHARE = {Lane.EMERGENCY: LEASE_AHEAD, Lane.PERSONAL: 8 * GROUP, Lane.BULK: GROUP}

logger = logging.getLogger(__name__)

_senders: dict[Lane, set["Sender"]] = {}
_senders_lock = threading.Lock()


def wake(lane: str) -> None:
    """Wake the senders of a lane in this process; unknown lanes are ignored."""
    with _senders_lock:
        senders = list(_senders.get(Lane(lane), ())) if lane in Lane.values else []
    for sender in senders:
        sender.ring()


def drain(lanes: Sequence[Lane], stop: threading.Event) -> None:
    """Send what is due on the lanes until `stop` is set; requests under way are then finished.

    Survives a database that goes away. Raises RealHostError at once when the demo or a test is
    set up to talk to the real Zalo.
    """
    for url in (settings.ZALO_OPENAPI_BASE_URL, settings.ZALO_BUSINESS_BASE_URL):
        hosts.check(url)
    sender = Sender(lanes)
    with _senders_lock:
        for lane in lanes:
            _senders.setdefault(lane, set()).add(sender)
    try:
        sender.run(stop)
    finally:
        with _senders_lock:
            for lane in lanes:
                _senders[lane].discard(sender)


class Sender:
    """The state of one drain loop. Everything but `_on_answer` runs on one thread."""

    def __init__(self, lanes: Sequence[Lane]) -> None:
        self.lanes = tuple(lanes)
        self.me = f"{socket.gethostname()[:20]}:{os.getpid()}:{threading.get_ident() % 10**6}"
        self._wakes = threading.Event()
        self._is_rung = True
        self._http = HttpLoop(limit=WINDOW, deliver=self._on_answer)
        self._answers: queue.SimpleQueue[tuple[int, Answer]] = queue.SimpleQueue()
        self._leased: deque[tuple[Leased, float]] = deque()
        self._in_flight: dict[int, tuple[Outgoing, float]] = {}
        self._unwritten: list[Answered] = []
        self._dispatcher = Dispatcher(self.lanes)
        self._renewer = Renewer(self.me, self._wakes)
        self._swept_at = float("-inf")
        self._rested_at = time.monotonic()
        self._looked_at = float("-inf")
        self._has_more = True
        self._rests_until: dict[str, float] = {}

    def ring(self) -> None:
        """From any thread: new events wait, look at once."""
        self._is_rung = True
        self._wakes.set()

    def run(self, stop: threading.Event) -> None:
        """Rounds until stopped; then what is on the wire is waited for and written."""
        self._http.start()
        try:
            while not stop.is_set():
                self._round()
                self._wait(stop)
            self._finish()
        finally:
            self._http.stop()
            connection.close()

    def _round(self) -> None:
        """Each stage once; one that failed rests a moment, and the others go on meanwhile."""
        self._wakes.clear()
        now = time.monotonic()
        self._rests_until = {name: at for name, at in self._rests_until.items() if at > now}
        for stage in (
            self._write_answers,
            self._dispatch_if_due,
            self._sweep_if_due,
            self._send,
            self._rest_if_due,
        ):
            if stage.__name__ in self._rests_until:
                continue
            try:
                stage()
            except Exception as error:
                logger.exception("the sender failed at %s; going on", stage.__name__)
                if database_is_gone(error):
                    connection.close()
                    time.sleep(scaled(_REST_S))
                    return
                self._rests_until[stage.__name__] = time.monotonic() + scaled(_REST_S)

    def _dispatch_if_due(self) -> None:
        if self._is_time_to_look():
            self._has_more = False
            self._has_more = self._dispatcher.step()

    def _is_time_to_look(self) -> bool:
        """New events are looked for at the bell, after a full batch, and at each poll."""
        now = time.monotonic()
        is_due = now - self._looked_at >= scaled(policies.POLL_S)
        if not (self._is_rung or self._has_more or is_due):
            return False
        self._is_rung = False
        self._looked_at = now
        return True

    def _wait(self, stop: threading.Event) -> None:
        """Until an answer, the bell, or the next poll; not at all while there is work."""
        can_send = self._leased and self._room() >= _LEAST_GROUP and self._renewer.credential
        has_work = self._has_more or can_send or not self._answers.empty()
        # A stage that rests leaves its work: without the wait that would be a loop without a pause.
        if not stop.is_set() and (self._rests_until or not has_work):
            self._wakes.wait(scaled(policies.POLL_S))

    def _room(self) -> int:
        return WINDOW - len(self._in_flight)

    # ---- sending ---------------------------------------------------------------------------------

    def _send(self) -> None:
        credential = self._renewer.current()
        if len(self._unwritten) >= _MOST_UNWRITTEN:
            return
        if credential is None:
            self._hand_back()
            return
        self._drop_old_leases()
        room = self._room()
        if room < _LEAST_GROUP and self._in_flight:
            return
        if len(self._leased) < room:
            self._lease_more()
        group = [self._leased.popleft() for _turn in range(min(room, GROUP, len(self._leased)))]
        if not group:
            return
        leased_at = {row.id: at for row, at in group}
        killpoints.reach("after_lease")
        try:
            outgoing = intend([row for row, _at in group], credential=credential, me=self.me)
        except Interrupted as cut:
            self._leased.extendleft((row, leased_at[row.id]) for row in reversed(cut.rest))
            self._submit(cut.outgoing, leased_at)
            raise
        killpoints.reach("after_intent")
        self._submit(outgoing, leased_at)

    def _submit(self, outgoing: Sequence[Outgoing], leased_at: Mapping[int, float]) -> None:
        for out in outgoing:
            self._in_flight[out.row.id] = (out, leased_at[out.row.id])
            self._http.submit(out.row.id, out.request)

    def _lease_more(self) -> None:
        now = time.monotonic()
        for lane in self.lanes:
            for row in lease.take(lane, me=self.me, limit=_SHARE[lane]):
                self._leased.append((row, now))

    def _drop_old_leases(self) -> None:
        """A lease that has grown old may be somebody else's by now."""
        oldest = time.monotonic() - scaled(policies.LEASE_S) / 2
        while self._leased and self._leased[0][1] < oldest:
            row, _at = self._leased.popleft()
            lease.give_back([row], me=self.me)

    def _hand_back(self) -> None:
        lease.give_back([row for row, _at in self._leased], me=self.me)
        self._leased.clear()

    # ---- answers ---------------------------------------------------------------------------------

    def _on_answer(self, key: int, answer: Answer) -> None:
        """On the loop's thread: hand over and wake."""
        self._answers.put((key, answer))
        self._wakes.set()

    def _write_answers(self) -> None:
        self._collect()
        while self._unwritten:
            group = self._unwritten[:GROUP]
            killpoints.reach("before_result")
            for generation in results.write(group):
                self._renewer.refuse(generation)
            del self._unwritten[: len(group)]

    def _collect(self) -> None:
        while not self._answers.empty():
            key, answer = self._answers.get()
            out, leased_at = self._in_flight.pop(key)
            self._unwritten.append(results.answered(out, answer, leased_at=leased_at))

    # ---- the rest --------------------------------------------------------------------------------

    def _sweep_if_due(self) -> None:
        now = time.monotonic()
        if now - self._swept_at >= scaled(policies.SWEEP_EVERY_S):
            self._swept_at = now
            sweep.run()

    def _rest_if_due(self) -> None:
        now = time.monotonic()
        if now - self._rested_at >= _REST_S:
            self._rested_at = now
            close_old_connections()

    def _finish(self) -> None:
        """No new requests; answers and a renewal under way are awaited as long as they may take."""
        self._renewer.stop()
        self._guard(self._hand_back)
        begun_at = time.monotonic()
        while self._is_awaiting(time.monotonic() - begun_at):
            self._guard(self._write_answers)
            self._wakes.wait(0.05)
            self._wakes.clear()

    def _is_awaiting(self, waited_s: float) -> bool:
        has_answers = bool(self._in_flight or self._unwritten)
        if has_answers and waited_s < scaled(policies.HTTP_DEADLINE_S) + _REST_S:
            return True
        return self._renewer.is_renewing() and waited_s < tokens.longest_renewal_s() + _REST_S

    def _guard(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception:
            logger.exception("the sender failed while it was stopping; going on")
            if not connection.is_usable():
                connection.close()
