"""How often one may call: a token by the minute, the typed look-up by code and address."""

import pytest
from django.test import Client, override_settings

from cases.tests.api_caller import Caller, caller, intake_body, stored
from offices.models import Officer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_tries_yet")]


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


def test_look_up_by_token_is_charged_to_nobody(desk: Caller) -> None:
    token = stored(desk.take_in()).lookup_token
    with override_settings(API_CALLS_PER_MINUTE=0):
        replies = [who.get(f"lookup/{token}/") for who in (desk, Caller())]
        refused = desk.get("dossiers/")

    assert [reply.status for reply in replies] == [200, 200]
    assert refused.status == 429


def test_typed_look_up_has_limits_of_its_own(desk: Caller) -> None:
    dossier = desk.take_in()
    typed = {"code": dossier["code"], "secret": "9999"}
    statuses = [Client().post("/tra-cuu/", typed).status_code for _try in range(11)]

    assert statuses == [200] * 10 + [429]
    assert desk.get(f"dossiers/{dossier['code']}/").status == 200
    assert Caller().get(f"lookup/{stored(dossier).lookup_token}/").status == 200


def test_token_that_calls_too_often_leaves_the_typed_look_up_alone(desk: Caller) -> None:
    dossier = desk.take_in()
    with override_settings(API_CALLS_PER_MINUTE=0):
        refused = desk.get("dossiers/")
        found = Client().post(
            "/tra-cuu/", {"code": dossier["code"], "secret": dossier["lookup_code"]}
        )

    assert (refused.status, found.status_code) == (429, 303)


def test_call_beyond_the_limit_does_nothing_and_may_be_sent_again(desk: Caller) -> None:
    key = {"Idempotency-Key": "k"}
    with override_settings(API_CALLS_PER_MINUTE=0):
        refused = desk.post("dossiers/", intake_body(), headers=key)
    accepted = desk.post("dossiers/", intake_body(), headers=key)

    assert (refused.status, accepted.status) == (429, 201)
    assert "Idempotent-Replayed" not in accepted.headers


def test_call_without_a_valid_token_is_charged_to_no_token(desk: Caller) -> None:
    with override_settings(API_CALLS_PER_MINUTE=0):
        assert Caller("x").get("dossiers/").status == 401
