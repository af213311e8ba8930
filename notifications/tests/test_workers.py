"""Celery workers host the drain loop: real processes, a real broker or none at all."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db.models import Count
from pytest_django import Settings

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from notifications.models import Delivery, DeliveryAttempt, Notification, ZaloAccount
from notifications.states import State
from notifications.tests.engine import state_of, wait_until
from notifications.tests.fault_server import FaultServer, Reply
from notifications.tests.workers import end, worker
from offices.models import Commune, Officer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.processes,
    pytest.mark.usefixtures("account"),
    pytest.mark.timeout(180),
]
STARTING_S = 40.0


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


@pytest.fixture
def take_in(
    account: ZaloAccount, case: ProcedureCase, commune: Commune, front_desk: Officer
) -> Callable[[int], Dossier]:
    """Accepts a dossier of the person with a number."""
    return lambda number: take_in_case(case, commune=commune, officer=front_desk, number=number)


def test_rows_wait_while_the_workers_are_stopped_and_go_when_they_start(
    take_in: Callable[[int], Dossier], zalo: FaultServer, log: Path
) -> None:
    dossier = take_in(1)
    assert dossier.events.filter(dispatched_at=None).count() == 2
    assert zalo.sent() == []

    with worker(log, zalo) as process:
        wait_until(lambda: state_of("received") == State.ACCEPTED, within_s=STARTING_S)
        take_in(2)
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 2, within_s=3)
        assert end(process) == 0

    assert len(zalo.sent()) == 2


def test_a_dead_broker_delays_nothing(
    take_in: Callable[[int], Dossier], zalo: FaultServer, log: Path
) -> None:
    take_in(1)

    with worker(log, zalo, REDIS_URL="redis://127.0.0.1:9/0") as process:
        wait_until(lambda: state_of("received") == State.ACCEPTED, within_s=STARTING_S)
        take_in(2)
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 2, within_s=3)
        assert end(process) == 0

    assert len(zalo.sent()) == 2


def test_killed_between_intent_and_bytes_the_fate_is_unknown_and_nothing_is_sent_again(
    take_in: Callable[[int], Dossier],
    zalo: FaultServer,
    log: Path,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.05
    point = tmp_path / "after_intent"
    point.touch()
    take_in(1)

    with worker(log, zalo, NOTIFY_KILL_POINTS=str(tmp_path)) as process:
        wait_until(point.with_suffix(".reached").exists, within_s=STARTING_S)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert state_of("received") == State.SENDING
    assert zalo.sent() == []

    with worker(log, zalo):
        wait_until(lambda: state_of("received") == State.UNKNOWN, within_s=STARTING_S)

    assert zalo.sent() == []
    assert DeliveryAttempt.objects.get().detail == "lease lost"


def test_killed_before_the_intent_it_is_sent_once_after_the_lease(
    take_in: Callable[[int], Dossier],
    zalo: FaultServer,
    log: Path,
    tmp_path: Path,
    settings: Settings,
) -> None:
    settings.NOTIFY_TIME_SCALE = 0.05
    point = tmp_path / "after_lease"
    point.touch()
    take_in(1)

    with worker(log, zalo, NOTIFY_KILL_POINTS=str(tmp_path)) as process:
        wait_until(point.with_suffix(".reached").exists, within_s=STARTING_S)
        process.send_signal(signal.SIGKILL)
        process.wait()
    with worker(log, zalo):
        wait_until(lambda: state_of("received") == State.ACCEPTED, within_s=STARTING_S)

    assert len(zalo.sent()) == 1


def test_a_stopped_worker_finishes_what_is_on_the_wire(
    take_in: Callable[[int], Dossier], zalo: FaultServer, log: Path
) -> None:
    zalo.answer(Reply(delay_s=2.0, body=b'{"error": 0, "data": {"msg_id": "slow"}}'))
    take_in(1)

    with worker(log, zalo) as process:
        wait_until(lambda: len(zalo.sent()) == 1, within_s=STARTING_S)
        assert end(process) == 0

    assert Delivery.objects.get().msg_id == "slow"
    assert state_of("received") == State.ACCEPTED


def test_two_workers_and_an_emergency_one_send_each_message_once(
    take_in: Callable[[int], Dossier], zalo: FaultServer, log: Path
) -> None:
    for number in range(1, 11):
        take_in(number)

    with (
        worker(log, zalo),
        worker(log, zalo, lanes="personal"),
        worker(log, zalo, lanes="emergency"),
    ):
        wait_until(
            lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 10, within_s=STARTING_S
        )

    per_event = Notification.objects.values("event_id").annotate(n=Count("id"))
    assert {row["n"] for row in per_event} == {1}
    assert len({call.body["phone"] for call in zalo.sent()}) == len(zalo.sent()) == 10


def test_the_workers_of_the_process_list_drain_every_lane() -> None:
    text = (django_settings.BASE_DIR / "processes.conf").read_text()
    lanes = [
        lane
        for line in text.splitlines()
        if "--drain-lane" in line
        for lane in line.split("--drain-lane ")[1].split()[0].split(",")
    ]
    assert sorted(lanes) == ["bulk", "emergency", "personal"]


def test_a_worker_that_cannot_send_ends_so_that_another_is_started(
    zalo: FaultServer, log: Path
) -> None:
    with worker(log, zalo, ZALO_OPENAPI_BASE_URL="https://openapi.zalo.me") as process:
        process.wait(timeout=STARTING_S)

    assert b"the drain loop ended" in log.read_bytes()
