"""Whom an announcement reaches, and whom not."""

import pytest

from citizens.models import Consent, Purpose
from citizens.services import link_citizen, record_consent
from citizens.tests.cast import add_citizen
from notifications.models import Announcement
from notifications.tests.announcing_cast import (
    ANOTHER,
    MY_THO,
    THIRD,
    release,
    send,
    status_of,
    submitted,
    told,
)
from notifications.tests.engine import dispatch_all
from notifications.words import AnnouncementStatus
from offices.models import Officer

pytestmark = pytest.mark.django_db


def test_warning_reaches_the_people_of_its_two_communes_only(
    author: Officer, releaser: Officer
) -> None:
    mine = [add_citizen(1), add_citizen(2), add_citizen(3, commune=ANOTHER)]
    add_citizen(4, commune=THIRD)

    announcement = send(author, releaser, communes=[MY_THO, ANOTHER])

    assert told() == {citizen.pk for citizen in mine}
    assert announcement.planned == 3


def test_warning_needs_no_consent_but_respects_a_refusal_of_warnings(
    author: Officer, releaser: Officer
) -> None:
    never_asked = add_citizen(1, consents=())
    refused_dossiers = add_citizen(2, consents=())
    record_consent(citizen=refused_dossiers, purpose=Purpose.DOSSIER, granted=False, officer=None)
    refused_warnings = add_citizen(3)
    record_consent(citizen=refused_warnings, purpose=Purpose.WARNINGS, granted=False, officer=None)

    send(author, releaser)

    assert told() == {never_asked.pk, refused_dossiers.pk}


def test_news_reaches_who_asked_for_it_and_did_not_take_it_back(
    author: Officer, releaser: Officer
) -> None:
    asked = add_citizen(1, consents=(Purpose.NEWS,))
    add_citizen(2)
    stopped = add_citizen(3, consents=(Purpose.NEWS,))
    record_consent(citizen=stopped, purpose=Purpose.NEWS, granted=False, officer=None)
    assert Consent.objects.filter(citizen=stopped).count() == 2

    send(author, releaser, kind="policy_news")

    assert told() == {asked.pk}


def test_one_phone_is_told_once_and_who_cannot_be_reached_is_not_planned(
    author: Officer, releaser: Officer
) -> None:
    first, second = add_citizen(1), add_citizen(2)
    second.phone = first.phone
    second.save()
    silent = add_citizen(3)
    silent.phone = ""
    silent.save()

    announcement = send(author, releaser)

    assert told() == {first.pk}
    assert announcement.planned == 1


def test_of_two_with_one_phone_the_linked_one_is_told(author: Officer, releaser: Officer) -> None:
    first, second = add_citizen(1), add_citizen(2)
    second.phone = first.phone
    second.save()
    link_citizen(user_id="6630000000000000003", citizen=second)

    send(author, releaser)

    assert told() == {second.pk}


def test_two_linked_people_with_one_phone_are_both_told(author: Officer, releaser: Officer) -> None:
    first, second = add_citizen(1), add_citizen(2)
    second.phone = first.phone
    second.save()
    link_citizen(user_id="6630000000000000003", citizen=first)
    link_citizen(user_id="6630000000000000004", citizen=second)

    send(author, releaser)

    assert told() == {first.pk, second.pk}


def test_a_released_row_that_was_tampered_with_is_halted(
    author: Officer, releaser: Officer
) -> None:
    add_citizen()
    announcement = submitted(author)
    release(announcement, releaser)
    Announcement.objects.filter(pk=announcement.pk).update(text="Một điều hoàn toàn khác hẳn")

    dispatch_all()

    assert told() == set()
    assert status_of(announcement) == AnnouncementStatus.CANCELLED
