"""Each refusal that a call declares does come, and with the status that is declared."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from cases.api.refusals import REFUSALS
from cases.api.schema_moves import GUARD_WORDS, codes_of
from cases.models import Procedure
from cases.tests.api_caller import Caller, Reply, caller, intake_body
from cases.tests.api_contract import declared_codes, operations
from cases.tests.api_scenes import Scene, onlooker, scene_of, submitted, waiting_for_papers
from cases.workflow import TRANSITIONS, Action
from common import clock
from offices.models import CalendarDay, Office, Officer, WeeklyInterval

pytestmark = pytest.mark.django_db

_MISSING = {"dossiers/": "nothing/", "procedures/": "0.0/", "lookup/": "nothing/"}


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside has not happened."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# ---- one way to each refusal ---------------------------------------------------------------------


def too_many(scene: Scene, _desk: Caller) -> Reply:
    with override_settings(API_CALLS_PER_MINUTE=0):
        return scene.call()


def invalid(scene: Scene, _desk: Caller) -> Reply:
    if scene.body is not None:
        return scene.call(body={})
    return scene.call(query={"sheet": "a0", "cursor": "x"})


def not_found(scene: Scene, _desk: Caller) -> Reply:
    for start, missing in _MISSING.items():
        if scene.path.startswith(start):
            rest = scene.path.removeprefix(start).partition("/")[2]
            if scene.path.endswith("receipt.pdf"):
                rest = "receipt.pdf"
            return replace(scene, path=f"{start}{missing}{rest}").call()
    raise AssertionError(scene.path)


def role_missing(scene: Scene, _desk: Caller) -> Reply:
    return scene.by(onlooker()).call()


def idempotency_key_reused(scene: Scene, _desk: Caller) -> Reply:
    key = {"Idempotency-Key": "k"}
    scene.call(headers=key)
    return scene.call(body={**scene.body, "note": "other"}, headers=key)


def stale(scene: Scene, _desk: Caller) -> Reply:
    return scene.call(body={**scene.body, "version": 99})


def already_done(scene: Scene, _desk: Caller) -> Reply:
    scene.call()
    return scene.call()


def illegal_move(scene: Scene, desk: Caller) -> Reply:
    closed = desk.moved(desk.take_in(), "withdraw", reason="Ông/Bà xin rút hồ sơ")
    action = scene.path.rstrip("/").rpartition("/")[2]
    path = f"dossiers/{closed['code']}/actions/{action}/"
    body = {**scene.body, "version": closed["version"]}
    return Scene(desk, path, body).call()


def no_working_day(scene: Scene, _desk: Caller) -> Reply:
    WeeklyInterval.objects.all().delete()
    CalendarDay.objects.all().delete()
    return scene.call()


def office_missing(scene: Scene, desk: Caller) -> Reply:
    if scene.path.endswith("/receive_supplement/"):  # that one lays the steps out if not accepted
        waiting = waiting_for_papers(desk)
        path = f"dossiers/{waiting['ref']}/actions/receive_supplement/"
        scene = Scene(desk, path, {"version": waiting["version"]})
    offices = Office.objects.filter(kind="land_registry_branch")
    offices.update(valid_to=clock.today() - timedelta(days=1))
    return scene.call()


def external_system(scene: Scene, _desk: Caller) -> Reply:
    elsewhere = Procedure.objects.exclude(current=None).exclude(current__external_system="")[0]
    return scene.call(body=intake_body(procedure=elsewhere.code))


PROVOKED: dict[str, Callable[[Scene, Caller], Reply]] = {
    "invalid": invalid,
    "parse_error": lambda scene, _desk: scene.call(body=b"{"),
    "bad_request": lambda scene, _desk: scene.call(headers={"Host": "elsewhere.example"}),
    "external_system": external_system,
    "office_missing": office_missing,
    "not_authenticated": lambda scene, _desk: scene.by(Caller()).call(),
    "role_missing": role_missing,
    "not_found": not_found,
    "not_acceptable": lambda scene, _desk: scene.call(headers={"Accept": "image/png"}),
    "stale": stale,
    "already_done": already_done,
    "illegal_move": illegal_move,
    "no_working_day": no_working_day,
    "too_large": lambda scene, _desk: scene.call(body=b" " * 3_000_000),
    "unsupported_media_type": lambda scene, _desk: scene.call(content_type="text/plain"),
    "idempotency_key_reused": idempotency_key_reused,
    "too_many": too_many,
}


def test_every_code_is_declared_somewhere_and_can_be_provoked() -> None:
    declared = set().union(*(declared_codes(operation) for operation in operations().values()))

    assert declared == set(PROVOKED) == {refusal.code for refusal in REFUSALS}


@pytest.mark.parametrize("name", list(operations()))
def test_each_refusal_that_a_call_declares_does_come(desk: Caller, name: str) -> None:
    scene = scene_of(name, desk)
    came: dict[str, Any] = {}
    for code in declared_codes(operations()[name]):
        with undone():
            reply = PROVOKED[code](scene, desk)
            came[code] = (reply.status, (reply.body or {}).get("code"))

    statuses = {refusal.code: refusal.status for refusal in REFUSALS}
    assert came == {code: (statuses[code], code) for code in came}


@pytest.mark.parametrize("name", list(operations()))
def test_a_call_that_needs_no_calendar_declares_so(desk: Caller, name: str) -> None:
    if "no_working_day" in declared_codes(operations()[name]):
        return
    reply = no_working_day(scene_of(name, desk), desk)

    assert reply.status == 200, reply.body


def test_a_refused_caller_is_told_when_to_call_again(desk: Caller) -> None:
    reply = too_many(scene_of("procedures_list", desk), desk)

    assert int(reply.headers["Retry-After"]) >= 1


# ---- from the table ------------------------------------------------------------------------------


def test_every_guard_of_the_table_has_words_in_the_document() -> None:
    assert {guard for row in TRANSITIONS for guard in row.guards} == set(GUARD_WORDS)


def test_a_row_that_leaves_the_table_leaves_the_document(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    without = tuple(row for row in TRANSITIONS if row.action != Action.REFUSE)
    monkeypatch.setattr("cases.workflow.TRANSITIONS", without)

    assert "dossiers_refuse" not in operations()
    assert "dossiers_withdraw" in operations()


def test_what_a_move_says_follows_from_its_rows(desk: Caller) -> None:
    accept = operations()["dossiers_accept"]

    assert "`submitted`" in accept["description"]
    assert "`received`" in accept["description"]
    assert "office_missing" in codes_of(Action.ACCEPT)
    assert "no_working_day" not in codes_of(Action.RETURN_RESULT)
    assert submitted(desk)["allowed_actions"][0]["action"] == "accept"
