"""`POST dossiers/{code}/actions/{action}/`: what each action does over the API."""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import time_machine

from cases.models import DossierEvent
from cases.tests.api_caller import Caller, caller, holder_of, stored
from cases.tests.cast import BIRTH
from common.clock import VIETNAM
from offices.kinds import Role
from offices.models import Office, Officer
from offices.tests.cast import MY_THO, add_officer, officer_of

pytestmark = pytest.mark.django_db

PAPER = {"name": "Giấy chứng nhận đã cấp", "original": True}
OFFICE = f"{MY_THO}-van-phong"


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
    officer_of(OFFICE, "processor")
    return desk.moved(birth, "hand_over")


def to_the_last_step(desk: Caller, **changes: Any) -> Any:
    """A dossier that has nothing to do any more but to be completed."""
    dossier = desk.take_in(**({"procedure": BIRTH} | changes))
    while True:
        reply = holder_of(dossier).move(dossier, "hand_over")
        if reply.status != 200:
            return dossier
        dossier = reply.body


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


# ---- take, hand over -----------------------------------------------------------------------------


def test_take_makes_the_step_the_callers_own(desk: Caller, appraised: Any) -> None:
    colleague = add_officer(Office.objects.get(code=OFFICE), Role.PROCESSOR)

    taken = caller(colleague).moved(appraised, "take")

    assert appraised["officer"]["username"] != colleague.username
    assert taken["officer"]["username"] == colleague.username


def test_hand_over_of_a_step_that_nobody_has_takes_it_first(desk: Caller, birth: Any) -> None:
    office = Office.objects.get(code=OFFICE)
    one, _other = (add_officer(office, Role.PROCESSOR) for _turn in range(2))
    unassigned = desk.moved(birth, "hand_over")
    assert unassigned["officer"] is None

    moved = caller(one).moved(unassigned, "hand_over", note="Đã thẩm tra")

    step = stored(moved).steps.get(key="appraise")
    assert (step.officer, step.state, step.note) == (one, "done", "Đã thẩm tra")


def test_step_with_one_officer_of_its_role_is_assigned(appraised: Any) -> None:
    officer = officer_of(OFFICE, "processor")

    assert appraised["officer"] == {"username": officer.username, "name": officer.full_name}


def test_step_of_a_colleague_cannot_be_handed_over(appraised: Any) -> None:
    colleague = add_officer(Office.objects.get(code=OFFICE), Role.PROCESSOR)

    reply = caller(colleague).move(appraised, "hand_over")

    assert reply.status == 409
    assert officer_of(OFFICE, "processor").full_name in reply.body["reasons"][0]


def test_parallel_steps_join_when_the_last_of_them_is_closed(desk: Caller) -> None:
    both = desk.moved(desk.take_in(), "hand_over")
    first, second = (caller(officer_of(s["office"], s["role"])) for s in both["steps"])

    one_left = second.moved(both, "hand_over")
    joined = first.moved(one_left, "hand_over")

    assert [step["key"] for step in one_left["steps"]] == ["appraise"]
    assert [step["key"] for step in joined["steps"]] == ["update"]


@pytest.mark.parametrize(
    ("first_to_close", "changes"), [(0, [True, True, True]), (1, [True, False, False])]
)
def test_citizen_hears_of_each_change_of_the_office_that_the_dossier_is_shown_with(
    desk: Caller, first_to_close: int, changes: list[bool]
) -> None:
    dossier = desk.take_in()
    shown_with = [dossier["office"]]
    both = desk.moved(dossier, "hand_over")
    officers = [caller(officer_of(s["office"], s["role"])) for s in both["steps"]]
    one_left = officers[first_to_close].moved(both, "hand_over")
    joined = officers[1 - first_to_close].moved(one_left, "hand_over")
    shown_with += [moved["office"] for moved in (both, one_left, joined)]

    events = DossierEvent.objects.filter(event="handed_over").order_by("id")
    moves = [event.payload for event in events]
    offices = Office.objects.in_bulk([move["to_office"] for move in moves])
    token = dossier["lookup_url"].rsplit("/", 1)[1]
    timeline = desk.get(f"lookup/{token}/").body["timeline"]

    assert changes == [before != after for before, after in pairwise(shown_with)]
    assert [move["holder_changed"] for move in moves] == changes
    assert [offices[move["to_office"]].code for move in moves] == shown_with[1:]
    told = [offices[move["to_office"]].name for move in moves if move["holder_changed"]]
    passed_on = [entry["text"] for entry in timeline if entry["event"] == "handed_over"]
    assert [name in text for name, text in zip(told, passed_on, strict=True)] == [True] * len(told)


# ---- missing papers ------------------------------------------------------------------------------


def test_supplement_pauses_and_receiving_it_resumes_with_a_new_date(
    desk: Caller, province: None
) -> None:
    with time_machine.travel(at("2026-11-17T08:40"), tick=False):
        dossier = desk.take_in()
    with time_machine.travel(at("2026-11-19T15:20"), tick=False):
        paused = desk.moved(
            dossier, "request_supplement", items=[PAPER], reason="Mới có bản chụp", due="2026-12-08"
        )
    with time_machine.travel(at("2026-11-25T10:02"), tick=False):
        resumed = desk.moved(paused, "receive_supplement")

    assert (paused["stage"], paused["paused_at"]) == (
        "supplement_requested",
        "2026-11-19T15:20:00+07:00",
    )
    assert paused["supplement"] == {
        "number": 1,
        "reason": "Mới có bản chụp",
        "due_at": "2026-12-08T17:00:00+07:00",
        "items": [{"key": "", "copies": 0, "photocopies": 0, **PAPER}],
    }
    assert (resumed["status"], resumed["paused_at"], resumed["supplement"]) == (
        "received", None, None,
    )  # fmt: skip
    assert resumed["due_at"] > dossier["due_at"] == resumed["promised_at"]


def test_papers_are_due_after_fifteen_working_days_by_default(desk: Caller) -> None:
    with time_machine.travel(at("2026-11-02T08:40"), tick=False):
        paused = desk.moved(desk.take_in(), "request_supplement", items=[PAPER], reason="Thiếu")

    assert paused["supplement"]["due_at"] == "2026-11-23T17:00:00+07:00"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"items": []}, "items"),
        ({"items": None}, "items"),
        ({"items": "Giấy"}, "items"),
        ({"items": [{"original": True}]}, "items[0].name"),
        ({"items": [{"name": "Giấy"}]}, "items"),
        ({"items": [{"name": "Giấy", "copies": 1000}]}, "items[0].copies"),
        ({"items": [PAPER] * 51}, "items"),
        ({"reason": "..."}, "reason"),
        ({"reason": None}, "reason"),
        ({"reason": "a" * 501}, "reason"),
        ({"due": "yesterday"}, "due"),
        ({"due": "2020-01-01"}, "due"),
        ({"due": "9999-12-31T23:59:59-12:00"}, "due"),
        ({"due": "9998-12-31"}, "due"),
        ({"due": 20261208}, "due"),
        ({"due": ["2026-12-08"]}, "due"),
    ],
)
def test_each_fault_of_a_request_for_papers_is_named(
    desk: Caller, birth: Any, change: dict[str, Any], field: str
) -> None:
    reply = desk.move(
        birth, "request_supplement", **({"items": [PAPER], "reason": "Thiếu"} | change)
    )

    assert (reply.status, set(reply.body["errors"])) == (400, {field})
    assert stored(birth).status == "received"


def test_requests_before_acceptance_do_not_count(desk: Caller) -> None:
    dossier = desk.moved(desk.take_in(documents=[]), "receive_supplement")

    assert desk.move(dossier, "request_supplement", items=[PAPER], reason="Thiếu").status == 200


# ---- the result ----------------------------------------------------------------------------------


def test_complete_at_the_last_step_fixes_outcome_and_timeliness(desk: Caller) -> None:
    with time_machine.travel(at("2026-11-17T08:40")):
        dossier = to_the_last_step(desk)
        ready = desk.moved(dossier, "complete", outcome="granted")

    assert (ready["stage"], ready["status"]) == ("ready", "ready")
    assert (ready["outcome"], ready["timeliness"]) == ("granted", "on_time")
    assert (ready["steps"], ready["office"], ready["officer"]) == ([], None, None)
    assert [move["action"] for move in ready["allowed_actions"]] == ["return_result"]


def test_early_and_late_are_told_once_ready(desk: Caller) -> None:
    with time_machine.travel(at("2026-11-02T08:40")):
        first = to_the_last_step(desk, procedure=BIRTH, number=1)
    with time_machine.travel(at("2026-11-20T08:40")):
        late = desk.moved(first, "complete", outcome="denied")
    with time_machine.travel(at("2026-11-02T08:40")):
        plot = desk.take_in(number=2)
        while (reply := holder_of(plot).move(plot, "hand_over")).status == 200:
            plot = reply.body
        early = holder_of(plot).moved(plot, "complete", outcome="granted")

    assert (late["timeliness"], late["outcome"], late["early_days"]) == ("late", "denied", 0)
    assert (early["timeliness"], early["early_days"]) == ("early", 7)


def test_complete_before_the_last_step_is_refused(desk: Caller, birth: Any) -> None:
    reply = desk.move(birth, "complete", outcome="granted")

    assert (reply.status, reply.body["code"]) == (409, "illegal_move")


@pytest.mark.parametrize("outcome", [None, "", "maybe", ["granted"]])
def test_complete_needs_an_outcome(desk: Caller, outcome: Any) -> None:
    dossier = to_the_last_step(desk)

    reply = desk.move(dossier, "complete", outcome=outcome)

    assert (reply.status, set(reply.body["errors"])) == (400, {"outcome"})


def test_result_by_post_needs_its_parcel_code(desk: Caller) -> None:
    dossier = to_the_last_step(desk, result_channel="post")

    without = desk.move(dossier, "complete", outcome="granted")
    ready = desk.moved(dossier, "complete", outcome="granted", parcel_code="EB123456789VN")

    assert (without.status, set(without.body["errors"])) == (400, {"parcel_code"})
    assert stored(ready).parcel_code == "EB123456789VN"


def test_electronic_result_is_completed_one_step_earlier(desk: Caller) -> None:
    dossier = to_the_last_step(desk, result_channel="electronic")
    clerk = holder_of(dossier)

    ready = clerk.moved(dossier, "complete", outcome="granted")

    assert dossier["steps"][0]["key"] == "release"
    assert ready["status"] == "ready"
    assert stored(ready).steps.get(key="ready").state == "skipped"


def test_result_is_returned_to_a_person_by_name(desk: Caller) -> None:
    ready = desk.moved(to_the_last_step(desk), "complete", outcome="granted")

    nameless = desk.move(ready, "return_result", collected_by="123")
    returned = desk.moved(ready, "return_result", collected_by="Nguyễn Thị Ưởng")

    assert (nameless.status, set(nameless.body["errors"])) == (400, {"collected_by"})
    assert (returned["stage"], returned["status"]) == ("closed", "returned")
    assert stored(returned).collected_by == "Nguyễn Thị Ưởng"


# ---- ends without a result -----------------------------------------------------------------------


def test_refusal_exists_only_before_acceptance(desk: Caller, birth: Any) -> None:
    waiting = desk.take_in(number=2, documents=[])

    after = desk.move(birth, "refuse", reason="Không đúng thẩm quyền")
    before = desk.moved(waiting, "refuse", reason="Không đúng thẩm quyền")

    assert (after.status, after.body["code"]) == (409, "illegal_move")
    assert (before["stage"], before["status"], before["code"]) == ("closed", "refused", None)


def test_withdrawal_closes_at_the_citizens_request(desk: Caller, appraised: Any) -> None:
    closed = desk.moved(appraised, "withdraw", reason="Ông/Bà xin rút hồ sơ")

    assert (closed["stage"], closed["status"], closed["steps"]) == ("closed", "withdrawn", [])


@pytest.mark.parametrize("action", ["withdraw", "cancel"])
def test_an_end_needs_its_reason_in_words(desk: Caller, birth: Any, action: str) -> None:
    for body in ({}, {"reason": ""}, {"reason": "---"}, {"reason": None}):
        reply = desk.move(birth, action, **body)
        assert (reply.status, set(reply.body["errors"])) == (400, {"reason"})


def test_cancelled_intake_leaves_its_number_unused(desk: Caller, birth: Any) -> None:
    cancelled = desk.moved(birth, "cancel", reason="Nhập nhầm thủ tục")
    following = desk.take_in(number=2)

    assert cancelled["status"] == "cancelled"
    assert cancelled["code"].endswith("-0001")
    assert following["code"].endswith("-0002")


def test_cancel_is_refused_five_minutes_after_acceptance(desk: Caller, birth: Any) -> None:
    later = datetime.fromisoformat(birth["received_at"]) + timedelta(minutes=5, seconds=1)
    with time_machine.travel(later, tick=False):
        reply = desk.move(birth, "cancel", reason="Nhập nhầm")
        sheet = desk.get(f"dossiers/{birth['code']}/").body

    assert (reply.status, reply.body["code"], len(reply.body["reasons"])) == (
        409, "illegal_move", 1,
    )  # fmt: skip
    assert "cancel" not in {move["action"] for move in sheet["allowed_actions"]}


def test_cancel_is_refused_after_the_first_hand_over(desk: Caller, appraised: Any) -> None:
    assert desk.move(appraised, "cancel", reason="Nhập nhầm").status == 409
