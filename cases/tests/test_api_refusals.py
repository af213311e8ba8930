"""`POST dossiers/{code}/actions/{action}/`: each way in which a move is refused."""

from typing import Any

import pytest
from django.test import override_settings

from cases.api.moves import MOVES
from cases.models import DossierEvent
from cases.tests.api_caller import COUNTER, Caller, caller, holder_of, intake_body, stored
from cases.tests.cast import BIRTH
from cases.workflow import TRANSITIONS, Action
from offices.kinds import Role
from offices.models import Office, Officer
from offices.tests.cast import MY_THO, add_officer, officer_of

pytestmark = pytest.mark.django_db

PAPER = {"name": "Giấy chứng nhận đã cấp", "original": True}


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


@pytest.fixture
def birth(desk: Caller) -> Any:
    """A birth to be registered, accepted a moment ago."""
    return desk.take_in(procedure=BIRTH)


@pytest.fixture
def appraised(desk: Caller, birth: Any) -> Any:
    """The same with the office of the commune."""
    officer_of(f"{MY_THO}-van-phong", "processor")
    return desk.moved(birth, "hand_over")


def test_bodies_take_exactly_the_fields_of_the_table() -> None:
    for row in TRANSITIONS:
        told = {field.name: field.required for field in row.fields}
        taken = {
            name: field.required
            for name, field in MOVES[row.action].body().fields.items()
            if name != "version"
        }
        assert taken == told, row.action


def test_every_action_of_the_table_can_be_called() -> None:
    assert set(MOVES) == {row.action for row in TRANSITIONS}


@pytest.mark.parametrize("version", [None, "", "one", 0, -1, 2**40, [2], {"a": 1}, True, 10**30])
def test_version_is_required_and_a_number(desk: Caller, birth: Any, version: Any) -> None:
    body = {} if version is None else {"version": version}

    reply = desk.post(f"dossiers/{birth['code']}/actions/hand_over/", body)

    assert (reply.status, set(reply.body["errors"])) == (400, {"version"})
    assert stored(birth).version == birth["version"]


@pytest.mark.parametrize("action", ["fly", "TAKE", "apply", "__class__", "hand-over"])
def test_unknown_action_is_not_found(desk: Caller, birth: Any, action: str) -> None:
    reply = desk.move(birth, action)

    assert (reply.status, reply.body["code"]) == (404, "not_found")


def test_action_that_the_table_no_longer_has_is_not_found(
    desk: Caller, birth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    rest = tuple(row for row in TRANSITIONS if row.action != Action.WITHDRAW)
    monkeypatch.setattr("cases.workflow.TRANSITIONS", rest)

    reply = desk.move(birth, "withdraw", reason="Theo yêu cầu")

    assert reply.status == 404
    assert "withdraw" not in {
        move["action"] for move in desk.get(f"dossiers/{birth['code']}/").body["allowed_actions"]
    }


def test_role_that_is_missing_is_said(desk: Caller, appraised: Any) -> None:
    holder = holder_of(appraised)

    theirs = holder.move(appraised, "withdraw", reason="Theo yêu cầu")
    desks = desk.move(appraised, "hand_over")

    for reply in (theirs, desks):
        assert (reply.status, reply.body["code"]) == (403, "role_missing")
    assert stored(appraised).version == appraised["version"]


def test_stale_version_names_who_did_what_and_changes_nothing(
    desk: Caller, birth: Any, front_desk: Officer
) -> None:
    desk.moved(birth, "hand_over")

    reply = desk.move(birth, "withdraw", reason="Theo yêu cầu")

    assert (reply.status, reply.body["code"]) == (409, "stale")
    assert front_desk.full_name in reply.body["title"]
    assert reply.body["reasons"] == [reply.body["title"]]
    assert stored(birth).status == "processing"


def test_version_of_the_future_is_stale_too(desk: Caller, birth: Any) -> None:
    reply = desk.post(f"dossiers/{birth['code']}/actions/hand_over/", {"version": 99})

    assert reply.status == 409


def test_same_move_sent_twice_says_that_it_is_done(desk: Caller, birth: Any) -> None:
    desk.moved(birth, "hand_over")

    reply = desk.move(birth, "hand_over")

    assert (reply.status, reply.body["code"]) == (409, "already_done")
    assert DossierEvent.objects.filter(event="handed_over").count() == 1


def test_illegal_move_is_refused_with_all_its_reasons(desk: Caller, birth: Any) -> None:
    handed_over = desk.moved(birth, "request_supplement", items=[PAPER], reason="Thiếu")
    back = desk.moved(handed_over, "receive_supplement")
    colleague = caller(add_officer(Office.objects.get(code=COUNTER), Role.FRONT_DESK))

    reply = colleague.move(back, "request_supplement", items=[PAPER], reason="Thiếu nữa")

    assert (reply.status, reply.body["code"]) == (409, "illegal_move")
    assert len(reply.body["reasons"]) == 2  # a colleague has the step, and the requests are used up
    assert all(reason in reply.body["title"] for reason in reply.body["reasons"])


def test_closed_dossier_cannot_be_moved(desk: Caller, birth: Any) -> None:
    closed = desk.moved(birth, "withdraw", reason="Theo yêu cầu")

    reply = desk.move(closed, "hand_over")

    assert (reply.status, reply.body["code"]) == (409, "illegal_move")
    assert closed["allowed_actions"] == []


def test_intake_body_is_not_taken_for_a_move(desk: Caller, birth: Any) -> None:
    reply = desk.post(f"dossiers/{birth['code']}/actions/take/", intake_body())

    assert (reply.status, set(reply.body["errors"])) == (400, {"version"})


@override_settings(API_CALLS_PER_MINUTE=3)
def test_token_that_calls_too_often_is_told_how_long_to_wait(
    desk: Caller, front_desk: Officer
) -> None:
    within = [desk.get("procedures/").status for _call in range(3)]

    beyond = desk.get("procedures/", headers={"Accept-Language": "en"})

    assert within == [200] * 3
    assert (beyond.status, beyond.body["code"]) == (429, "too_many")
    assert beyond.headers["Content-Type"] == "application/problem+json"
    assert 0 < int(beyond.headers["Retry-After"]) <= 60
    assert beyond.headers["Retry-After"] in beyond.body["title"]
    assert caller(front_desk).get("procedures/").status == 200  # another token
