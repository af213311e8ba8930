"""A fault in one part of the sender's work stops that part, and nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from cases.models import Dossier, ProcedureCase
from cases.tests.walk import take_in_case
from citizens.models import Purpose
from citizens.tests.cast import add_citizen
from notifications.models import Announcement, AnnouncementEvent, Delivery, ZaloAccount
from notifications.services.dispatch import Dispatcher
from notifications.states import State
from notifications.tests.announcing_cast import MY_THO, release, submitted
from notifications.tests.engine import dispatch_all, sending, state_of, wait_until
from notifications.tests.fault_server import FaultServer
from notifications.words import Lane
from offices.models import Commune, Officer

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


@contextmanager
def at_update(when: str, do: str) -> Iterator[None]:
    """The database does `do` before it updates a delivery for which `when` holds."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE fault_times")
        cursor.execute(
            "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {do}; RETURN NEW; END $$"
        )
        cursor.execute(
            "CREATE TRIGGER fault BEFORE UPDATE ON notifications_delivery "
            f"FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION fault()"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER fault ON notifications_delivery")
            cursor.execute("DROP FUNCTION fault")
            cursor.execute("DROP SEQUENCE fault_times")


@pytest.fixture
def bad_warning(account: ZaloAccount, author: Officer, releaser: Officer) -> Announcement:
    """A released warning to one person who cannot be written down: its counter is full."""
    add_citizen(100, commune=MY_THO, consents=(Purpose.NEWS,))
    announcement = submitted(author)
    release(announcement, releaser)
    Announcement.objects.filter(pk=announcement.pk).update(planned=2**31 - 1)
    return announcement


def test_an_announcement_that_fails_stops_no_other_and_no_personal_message(
    bad_warning: Announcement,
    dossier: Dossier,
    author: Officer,
    releaser: Officer,
    zalo: FaultServer,
) -> None:
    release(submitted(author, kind="policy_news"), releaser)

    with sending(tuple(Lane)):
        wait_until(lambda: state_of("received") == State.ACCEPTED)
        wait_until(lambda: state_of("policy_news") == State.ACCEPTED)

    assert AnnouncementEvent.objects.get(dispatched_at=None).announcement == bad_warning
    assert len(zalo.sent()) == 2


def test_an_announcement_that_fails_rests_before_it_is_tried_again(
    bad_warning: Announcement, caplog: pytest.LogCaptureFixture
) -> None:
    dispatcher = Dispatcher([Lane.EMERGENCY])

    while dispatcher.step():
        pass
    assert not dispatcher.step()

    assert AnnouncementEvent.objects.get(dispatched_at=None).announcement == bad_warning
    assert [row.name for row in caplog.records].count("notifications.services.dispatch") == 1


def test_a_sweep_that_fails_stops_no_message(
    dossier: Dossier,
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    dispatch_all()
    Delivery.objects.update(state=State.SENDING, lease_until=Now() - timedelta(seconds=1))
    take_in_case(case, commune=commune, officer=front_desk, number=2)

    with at_update("NEW.state = 'unknown'", "RAISE EXCEPTION 'no'"), sending():
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 1)

    assert "the sender failed at _sweep_if_due" in caplog.text
    assert Delivery.objects.filter(state=State.SENDING).count() == 1


def test_what_is_committed_leaves_when_the_database_goes_in_the_middle_of_a_group(
    case: ProcedureCase, commune: Commune, front_desk: Officer, zalo: FaultServer
) -> None:
    for number in (1, 2, 3):
        take_in_case(case, commune=commune, officer=front_desk, number=number)
    dispatch_all()
    suspect = Delivery.objects.latest("id").pk
    Delivery.objects.filter(pk=suspect).update(crashes=1)
    cut_off_once = (
        "IF nextval('fault_times') = 1 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF"
    )

    with at_update("NEW.crashes > OLD.crashes", cut_off_once), sending():
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 3)

    assert set(Delivery.objects.values_list("attempt_no", flat=True)) == {1}
    assert len(zalo.sent()) == 3
