"""An announcement reaches the people of its communes, and nobody else, ahead of all that waits."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError
from pytest_django import Settings

from cases.models import ProcedureCase
from cases.tests.walk import OfficerOf, take_in_case
from citizens.models import Purpose
from citizens.tests.cast import add_citizen
from common import clock
from common.clock import VIETNAM
from notifications.models import (
    Announcement,
    AnnouncementCommune,
    AnnouncementEvent,
    Delivery,
    Notification,
)
from notifications.selectors.progress import progress_of
from notifications.services import announcing
from notifications.services.announcements import fingerprint_of
from notifications.states import Reason, State
from notifications.tests.conftest import set_clock
from notifications.tests.engine import dispatch_all, sending, wait_until
from notifications.tests.fault_server import FaultServer, Reply
from notifications.words import (
    AnnouncementFact,
    AnnouncementKind,
    AnnouncementStatus,
    Hazard,
    Lane,
    Level,
)
from offices.models import Commune, Officer

ANOTHER = "30169"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("account")]


def released(
    officer_of: OfficerOf,
    *,
    kind: AnnouncementKind = AnnouncementKind.EMERGENCY,
    communes: tuple[str, ...] = ("28261",),
    hours: int = 6,
) -> Announcement:
    """A released announcement with its outbox row."""
    author = officer_of("van-phong-uy-ban-tinh", "announcer")
    releaser = officer_of("van-phong-uy-ban-tinh", "releaser")
    assert author.office is not None
    is_news = kind == AnnouncementKind.POLICY_NEWS
    announcement = Announcement.objects.create(
        kind=kind,
        status=AnnouncementStatus.RELEASED,
        hazard="" if is_news else Hazard.FLOOD,
        level=None if is_news else Level.DANGER,
        text="Đưa người già và trẻ em đến nơi cao.",
        area="phường Mỹ Tho",
        effective_from=clock.now() if is_news else None,
        expires_at=clock.now() + timedelta(hours=hours),
        office=author.office,
        author=author,
        releaser=releaser,
        released_at=clock.now(),
        release_hash="h",
    )
    AnnouncementCommune.objects.bulk_create(
        AnnouncementCommune(announcement=announcement, commune=commune)
        for commune in Commune.objects.filter(code__in=communes)
    )
    announcement.release_hash = fingerprint_of(announcement)
    announcement.save(update_fields=["release_hash"])
    AnnouncementEvent.objects.create(
        event=AnnouncementFact.RELEASED, announcement=announcement, actor=releaser
    )
    return announcement


def people(number: int, *, commune: str = "28261", consents: tuple[Purpose, ...] = ()) -> None:
    """That many people of a commune; the numbers go on across communes."""
    first = 100 if commune == "28261" else 500
    for n in range(first, first + number):
        add_citizen(n, commune=commune, consents=consents)


def test_a_warning_goes_to_one_commune_only_with_what_to_do(
    officer_of: OfficerOf, zalo: FaultServer
) -> None:
    people(3)
    people(2, commune=ANOTHER)
    announcement = released(officer_of)

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 3)

    assert len(zalo.sent()) == 3
    data = zalo.sent()[0].body["template_data"]
    assert data["loai"] == "lũ, ngập"
    assert data["muc"] == "Mức 2, nguy hiểm"
    assert data["khu_vuc"] == "phường Mỹ Tho"
    assert data["viec"] == "Đưa người già và trẻ em đến nơi cao"
    assert progress_of([announcement.pk])[announcement.pk].sent == 3


def test_news_goes_to_who_asked_for_it_only(officer_of: OfficerOf, zalo: FaultServer) -> None:
    people(2, consents=(Purpose.NEWS,))
    add_citizen(900)
    released(officer_of, kind=AnnouncementKind.POLICY_NEWS)

    with sending([Lane.BULK]):
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 2)

    assert Notification.objects.count() == 2
    assert zalo.sent()[0].body["template_data"]["han"] == "thứ Ba 01/12/2026"


def test_the_people_are_written_down_in_chunks_and_each_once(
    officer_of: OfficerOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(announcing, "FIRST_CHUNK", 2)
    monkeypatch.setattr(announcing, "CHUNK", 3)
    people(7)
    announcement = released(officer_of)

    kinds = (AnnouncementKind.EMERGENCY,)
    steps = 0
    while announcing.step(kinds):
        steps += 1
        is_open = AnnouncementEvent.objects.get().dispatched_at is None
        assert is_open is (Notification.objects.count() < 7)

    assert steps == 3
    assert Notification.objects.count() == 7
    announcement.refresh_from_db()
    assert announcement.planned == 7


def test_a_warning_that_has_expired_tells_nobody(officer_of: OfficerOf, settings: Settings) -> None:
    people(2)
    released(officer_of, hours=1)
    set_clock(settings, datetime(2026, 12, 1, 11, 0, tzinfo=VIETNAM))

    dispatch_all()

    assert not Notification.objects.exists()
    assert AnnouncementEvent.objects.get().dispatched_at is not None


def test_a_warning_goes_at_night(
    officer_of: OfficerOf, zalo: FaultServer, settings: Settings
) -> None:
    set_clock(settings, datetime(2026, 12, 1, 23, 30, tzinfo=VIETNAM))
    people(1)
    released(officer_of)

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: Delivery.objects.filter(state=State.ACCEPTED).count() == 1)


def test_what_has_not_left_is_called_off_and_what_has_is_not_sent_again(
    officer_of: OfficerOf,
) -> None:
    people(2)
    announcement = released(officer_of)
    dispatch_all()
    first = Delivery.objects.order_by("id")[0]
    Delivery.objects.filter(pk=first.pk).update(state=State.UNKNOWN)
    AnnouncementEvent.objects.create(event=AnnouncementFact.CANCELLED, announcement=announcement)

    dispatch_all()

    states = dict(Delivery.objects.values_list("state", "cancel_requested"))
    assert states == {State.UNKNOWN: True, State.CANCELLED: False}


def test_a_stopped_announcement_does_not_leave_even_when_it_was_dispatched(
    officer_of: OfficerOf, zalo: FaultServer
) -> None:
    people(1)
    announcement = released(officer_of)
    dispatch_all()
    Announcement.objects.filter(pk=announcement.pk).update(status=AnnouncementStatus.CANCELLED)

    with sending([Lane.EMERGENCY]):
        wait_until(lambda: Delivery.objects.filter(state=State.FAILED).exists())

    assert Delivery.objects.get().reason == Reason.SUPERSEDED
    assert zalo.sent() == []


def test_a_warning_overtakes_a_backlog(
    officer_of: OfficerOf,
    case: ProcedureCase,
    commune: Commune,
    front_desk: Officer,
    zalo: FaultServer,
) -> None:
    for number in range(1, 9):
        take_in_case(case, commune=commune, officer=front_desk, number=number)
    zalo.rules.append(
        lambda call: Reply(delay_s=2.0, error=-32) if "ma" in call.body["template_data"] else None
    )
    with sending([Lane.PERSONAL]):
        wait_until(lambda: len(zalo.sent()) >= 1)
        released(officer_of)
        with sending([Lane.EMERGENCY]):
            wait_until(
                lambda: (
                    Delivery.objects.filter(kind="emergency", state=State.ACCEPTED).count() == 8
                ),
                within_s=2.0,
            )


def test_who_wrote_it_cannot_release_it(officer_of: OfficerOf) -> None:
    announcement = released(officer_of)
    with pytest.raises(IntegrityError):
        Announcement.objects.filter(pk=announcement.pk).update(releaser=announcement.author)


def test_progress_counts_by_reason(officer_of: OfficerOf, zalo: FaultServer) -> None:
    people(2)
    zalo.answer(Reply(error=-118))
    announcement = released(officer_of)

    with sending([Lane.EMERGENCY]):
        wait_until(
            lambda: (
                not Delivery.objects.filter(state__in=[State.CREATED, State.SENDING]).exists()
                and Delivery.objects.count() == 2
            )
        )

    progress = progress_of([announcement.pk])[announcement.pk]
    assert (progress.planned, progress.sent, progress.failed) == (2, 1, 1)
    assert progress.failed_by_reason == {"permanent": 1}
