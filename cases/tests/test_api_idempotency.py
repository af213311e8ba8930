"""`Idempotency-Key`: per token, for 24 hours, only 2xx answers, never another body."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from cases.models import Dossier, DossierEvent, IdempotencyKey
from cases.services.idempotency import forget_old_answers
from cases.tests.api_caller import OTHER_COUNTER, Caller, caller, intake_body, stored
from cases.tests.cast import BIRTH
from common import clock
from offices.models import Officer
from offices.tests.cast import officer_of

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "7d1c0e7e-counter-3"}


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


def test_repeated_intake_is_answered_again_and_not_done_again(desk: Caller) -> None:
    first = desk.post("dossiers/", intake_body(), headers=KEY)
    again = desk.post("dossiers/", intake_body(), headers=KEY)

    assert (first.status, again.status) == (201, 201)
    assert again.content == first.content
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert Dossier.objects.count() == 1


def test_order_of_the_members_does_not_make_it_another_body(desk: Caller) -> None:
    body = intake_body()
    desk.post("dossiers/", body, headers=KEY)

    again = desk.post("dossiers/", dict(reversed(body.items())), headers=KEY)

    assert again.status == 201
    assert Dossier.objects.count() == 1


def test_same_key_with_another_body_is_refused(desk: Caller) -> None:
    desk.post("dossiers/", intake_body(1), headers=KEY)

    for body in (intake_body(2), {}):
        reply = desk.post("dossiers/", body, headers=KEY)
        assert (reply.status, reply.body["code"]) == (422, "idempotency_key_reused")
    assert Dossier.objects.count() == 1


def test_same_key_at_another_address_is_refused(desk: Caller) -> None:
    one, two = (desk.take_in(number=number, procedure=BIRTH) for number in (1, 2))
    desk.post(f"dossiers/{one['code']}/actions/hand_over/", {"version": 2}, headers=KEY)

    reply = desk.post(f"dossiers/{two['code']}/actions/hand_over/", {"version": 2}, headers=KEY)

    assert reply.status == 422
    assert stored(two).status == "received"


def test_repeated_move_is_answered_again_though_its_version_is_old(desk: Caller) -> None:
    dossier = desk.take_in(procedure=BIRTH)
    path = f"dossiers/{dossier['code']}/actions/hand_over/"

    first, again = (desk.post(path, {"version": 2}, headers=KEY) for _turn in range(2))

    assert (first.status, again.status) == (200, 200)
    assert again.body == first.body
    assert DossierEvent.objects.filter(event="handed_over").count() == 1


def test_refusals_are_not_kept_so_a_mended_body_goes_through(desk: Caller) -> None:
    refused = desk.post("dossiers/", intake_body(case="khac"), headers=KEY)
    accepted = desk.post("dossiers/", intake_body(), headers=KEY)

    assert (refused.status, accepted.status) == (400, 201)
    assert "Idempotent-Replayed" not in accepted.headers


def test_same_key_of_another_token_is_another_key(desk: Caller, front_desk: Officer) -> None:
    stranger = caller(officer_of(OTHER_COUNTER, "front_desk"))
    second_token = caller(front_desk)

    replies = [
        who.post("dossiers/", intake_body(number), headers=KEY)
        for number, who in enumerate((desk, stranger, second_token), start=1)
    ]

    assert [reply.status for reply in replies] == [201] * 3
    assert Dossier.objects.count() == 3


def test_key_lives_for_24_hours(desk: Caller) -> None:
    first = desk.post("dossiers/", intake_body(), headers=KEY)
    with time_machine.travel(clock.now() + timedelta(hours=23, minutes=59)):
        kept = desk.post("dossiers/", intake_body(), headers=KEY)
    with time_machine.travel(clock.now() + timedelta(hours=24, minutes=1)):
        other = desk.post("dossiers/", intake_body(2), headers=KEY)
        repeated = desk.post("dossiers/", intake_body(2), headers=KEY)

    assert kept.body == first.body
    assert other.status == 201
    assert other.body["ref"] != first.body["ref"]
    assert repeated.body == other.body


def test_old_answers_are_forgotten(desk: Caller) -> None:
    desk.post("dossiers/", intake_body(), headers=KEY)
    with time_machine.travel(clock.now() + timedelta(hours=25)):
        desk.post("dossiers/", intake_body(2), headers={"Idempotency-Key": "another"})

        assert list(IdempotencyKey.objects.values_list("key", flat=True)) == ["another"]
        assert forget_old_answers() == 0


def test_kept_answers_are_unreadable_in_the_database(desk: Caller) -> None:
    code = desk.post("dossiers/", intake_body(), headers=KEY).body["code"]

    raw = IdempotencyKey.objects.extra(select={"raw": "answer"}).values_list("raw", flat=True)
    assert code not in raw[0]


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 129, "khóa", "a\tb"])
def test_key_that_cannot_be_kept_is_refused(desk: Caller, key: str) -> None:
    reply = desk.post("dossiers/", intake_body(), headers={"Idempotency-Key": key})

    assert (reply.status, set(reply.body["errors"])) == (400, {"Idempotency-Key"})
    assert not Dossier.objects.exists()


def test_without_a_key_two_posts_are_two_dossiers(desk: Caller) -> None:
    replies: list[Any] = [desk.post("dossiers/", intake_body()) for _turn in range(2)]

    assert replies[0].body["ref"] != replies[1].body["ref"]
