"""Another officer releases what was read, once; over HTTP."""

import threading

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import Settings

from citizens.tests.cast import add_citizen
from common.errors import DomainError
from notifications.models import Announcement, AnnouncementEvent, Delivery
from notifications.services import announcements
from notifications.services.announcements import fingerprint_of
from notifications.states import State
from notifications.tests.announcing_cast import (
    BASE,
    at,
    release,
    signed_in,
    status_of,
    submitted,
)
from notifications.tests.engine import dispatch_all
from notifications.words import AnnouncementFact, AnnouncementStatus
from offices.models import Officer, RoleAssignment
from offices.tests.cast import add_officer

pytestmark = pytest.mark.django_db


def test_another_officer_releases_and_the_outbox_has_it(author: Officer, releaser: Officer) -> None:
    add_citizen()
    announcement = submitted(author)

    release(announcement, releaser)

    announcement.refresh_from_db()
    assert announcement.status == AnnouncementStatus.RELEASED
    assert announcement.releaser == releaser
    assert announcement.release_hash == fingerprint_of(announcement)
    facts = list(AnnouncementEvent.objects.order_by("id").values_list("event", flat=True))
    assert facts == [AnnouncementFact.SUBMITTED, AnnouncementFact.RELEASED]


def both_roles(author: Officer) -> Officer:
    assert author.office is not None
    RoleAssignment.objects.create(officer=author, office=author.office, role="releaser")
    return author


def test_author_with_both_roles_cannot_release_their_own(author: Officer) -> None:
    add_citizen()
    announcement = submitted(both_roles(author))
    client = signed_in(author)

    page = client.get(f"{BASE}{announcement.token}/").content.decode()
    assert "aria-disabled" in page
    client.post(
        f"{BASE}{announcement.token}/duyet/xac-nhan/",
        {"fingerprint": fingerprint_of(announcement)},
    )

    assert status_of(announcement) == AnnouncementStatus.SUBMITTED


def test_the_database_refuses_an_author_who_releases(author: Officer) -> None:
    add_citizen()
    announcement = submitted(author)

    with pytest.raises(IntegrityError), transaction.atomic():
        Announcement.objects.filter(pk=announcement.pk).update(releaser=author)


def test_second_releaser_is_told_who_was_first(author: Officer, releaser: Officer) -> None:
    add_citizen()
    announcement = submitted(author)
    assert releaser.office is not None
    second = add_officer(releaser.office, "releaser", name="Bùi Văn Đến Sau")
    release(announcement, releaser)

    answer = signed_in(second).post(
        f"{BASE}{announcement.token}/duyet/xac-nhan/",
        {"fingerprint": fingerprint_of(announcement)},
        follow=True,
    )

    assert f"{releaser.full_name} đã duyệt" in answer.content.decode()
    assert AnnouncementEvent.objects.filter(event=AnnouncementFact.RELEASED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_release_at_once_one_wins(author: Officer, releaser: Officer) -> None:
    add_citizen()
    announcement = submitted(author)
    assert releaser.office is not None
    second = add_officer(releaser.office, "releaser", name="Bùi Văn Đến Sau")
    seal = fingerprint_of(announcement)
    barrier = threading.Barrier(2)
    refusals: list[str] = []

    def press(officer: Officer) -> None:
        barrier.wait()
        try:
            announcements.release(token=announcement.token, officer=officer, fingerprint=seal)
        except DomainError as error:
            refusals.append(error.message)
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=(o,)) for o in (releaser, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    winner = Announcement.objects.select_related("releaser").get().releaser
    assert winner is not None
    assert len(refusals) == 1
    assert winner.full_name in refusals[0]
    assert AnnouncementEvent.objects.filter(event=AnnouncementFact.RELEASED).count() == 1


def test_release_holds_for_what_was_read_only(author: Officer, releaser: Officer) -> None:
    add_citizen()
    announcement = submitted(author)
    seal = fingerprint_of(announcement)
    Announcement.objects.filter(pk=announcement.pk).update(text="Một điều hoàn toàn khác hẳn")

    signed_in(releaser).post(f"{BASE}{announcement.token}/duyet/xac-nhan/", {"fingerprint": seal})

    assert status_of(announcement) == AnnouncementStatus.SUBMITTED


@pytest.mark.parametrize("seal", ["", "0" * 64, "x"])
def test_release_without_the_right_seal_is_refused(
    author: Officer, releaser: Officer, seal: str
) -> None:
    add_citizen()
    announcement = submitted(author)

    signed_in(releaser).post(f"{BASE}{announcement.token}/duyet/xac-nhan/", {"fingerprint": seal})

    assert status_of(announcement) == AnnouncementStatus.SUBMITTED


def test_what_ended_while_it_waited_is_not_released(
    author: Officer, releaser: Officer, settings: Settings
) -> None:
    add_citizen()
    announcement = submitted(author, expires_at=at(minutes=30))
    settings.ONESTOP_CLOCK_OFFSET_S += 3600

    release(announcement, releaser)

    assert status_of(announcement) == AnnouncementStatus.SUBMITTED


def test_releaser_sends_back_with_a_reason_and_the_author_changes(
    author: Officer, releaser: Officer
) -> None:
    add_citizen()
    announcement = submitted(author)
    client, url = signed_in(releaser), f"{BASE}{announcement.token}/tra-lai/xac-nhan/"

    assert client.post(url, {"reason": " "}).status_code == 400
    client.post(url, {"reason": "Ghi rõ tên cầu"})

    assert status_of(announcement) == AnnouncementStatus.DRAFT
    page = signed_in(author).get(f"{BASE}{announcement.token}/").content.decode()
    assert "Ghi rõ tên cầu" in page


def test_only_author_and_releasers_stop_and_what_waits_is_called_off(
    author: Officer, releaser: Officer
) -> None:
    add_citizen()
    announcement = submitted(author)
    release(announcement, releaser)
    dispatch_all()

    signed_in(author).post(f"{BASE}{announcement.token}/dung/xac-nhan/")
    dispatch_all()

    assert status_of(announcement) == AnnouncementStatus.CANCELLED
    assert Delivery.objects.get().state == State.CANCELLED
