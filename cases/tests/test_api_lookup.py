"""`GET /api/v1/lookup/{token}/`: what a receipt's QR shows to anybody, and what it never shows."""

from datetime import datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.tests.api_caller import Caller, Reply, caller, holder_of, stored
from cases.tests.cast import BIRTH
from common.clock import VIETNAM
from offices.models import Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


def look_up(dossier: Any, **headers: str) -> Reply:
    return Caller().get(f"lookup/{stored(dossier).lookup_token}/", headers=headers)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


def test_token_alone_shows_state_dates_and_who_has_it(desk: Caller, front_desk: Officer) -> None:
    dossier = desk.take_in()

    reply = look_up(dossier)

    assert reply.status == 200
    shown = reply.body
    assert (shown["code"], shown["stage"], shown["status"]) == (
        dossier["code"], "intake", "received",
    )  # fmt: skip
    assert shown["procedure"] == "Tách thửa hoặc hợp thửa đất"
    assert shown["due_at"] == shown["promised_at"] == dossier["due_at"]
    assert shown["officer"] == {
        "name": front_desk.full_name,
        "phone": front_desk.contact_phone,
    }
    assert shown["office"]["phone"].startswith("0277")
    assert [entry["event"] for entry in shown["timeline"]] == ["accepted"]
    assert shown["sentence_key"] == "in_progress"
    assert shown["why"]


def test_filers_name_is_masked_and_nothing_else_of_the_person_is_there(desk: Caller) -> None:
    dossier = desk.take_in()
    citizen = stored(dossier).citizen
    citizen.address = "12 đường Thử Nghiệm"
    citizen.save()

    reply = look_up(dossier)

    assert reply.body["applicant"] == "Nguyễn T** Ư**"
    text = reply.content.decode()
    for secret in (
        citizen.identity_number, citizen.phone, citizen.address, citizen.full_name,
        dossier["lookup_code"], dossier["ref"], citizen.phone[-4:],
    ):  # fmt: skip
        assert secret not in text


def test_notes_of_officers_are_not_shown(desk: Caller) -> None:
    dossier = desk.moved(desk.take_in(), "hand_over", note="Ghi chú nội bộ")

    assert "Ghi chú nội bộ" not in look_up(dossier).content.decode()


@pytest.mark.parametrize("token", ["x", "A" * 27, "a" * 300, "%00", "é", "H20.102-261124-0001"])
def test_tampered_token_is_not_found(desk: Caller, token: str) -> None:
    desk.take_in()

    reply = Caller().get(f"lookup/{token}/")

    assert (reply.status, reply.body["code"]) == (404, "not_found")
    assert reply.headers["Content-Type"] == "application/problem+json"


def test_reference_and_code_are_no_tokens(desk: Caller) -> None:
    dossier = desk.take_in()

    for text in (dossier["ref"], dossier["code"], stored(dossier).lookup_token[:-1]):
        assert Caller().get(f"lookup/{text}/").status == 404


def test_wrong_token_of_an_officer_does_not_hinder_the_look_up(desk: Caller) -> None:
    dossier = desk.take_in()

    assert look_up(dossier, Authorization="Token wrong").status == 200


def test_missing_papers_are_told_with_reason_and_date(desk: Caller) -> None:
    dossier = desk.take_in(documents=[{"key": "d1", "state": "original"}])

    shown = look_up(dossier).body

    assert (shown["code"], shown["due_at"], shown["received_at"]) == (None, None, None)
    assert (shown["stage"], shown["sentence_key"]) == ("supplement_requested", "papers_missing")
    assert [paper["original"] for paper in shown["missing"]["papers"]] == [True, True]
    assert shown["missing"]["reason"]
    assert "2" in shown["sentence"]
    assert [entry["event"] for entry in shown["timeline"]] == [
        "submitted", "supplement_requested",
    ]  # fmt: skip
    assert (shown["why"], shown["share"]) == ([], None)


def test_paused_clock_is_told_since_when(desk: Caller) -> None:
    with time_machine.travel(at("2026-11-17T08:40"), tick=False):
        dossier = desk.take_in()
    with time_machine.travel(at("2026-11-19T15:20"), tick=False):
        paper = {"name": "Giấy chứng nhận", "original": True}
        dossier = desk.moved(dossier, "request_supplement", items=[paper], reason="Thiếu")
    with time_machine.travel(at("2026-11-25T09:00"), tick=False):
        shown = look_up(dossier).body

    assert shown["paused_since"] == "2026-11-19T15:20:00+07:00"
    assert shown["share"] == {"used": 2, "total": 7, "waited": 3}


def test_late_dossier_says_so(desk: Caller) -> None:
    with time_machine.travel(at("2026-11-02T08:40"), tick=False):
        dossier = desk.take_in()
    with time_machine.travel(at("2026-11-20T08:40"), tick=False):
        shown = look_up(dossier).body

    assert (shown["is_late"], shown["sentence_key"]) == (True, "late")


def test_early_result_is_told_with_its_days_and_where_to_collect(desk: Caller) -> None:
    with time_machine.travel(at("2026-11-02T08:40")):
        dossier = desk.take_in()
        while (reply := holder_of(dossier).move(dossier, "hand_over")).status == 200:
            dossier = reply.body
        dossier = desk.moved(dossier, "complete", outcome="granted")
        shown = look_up(dossier).body

    assert (shown["sentence_key"], shown["early_days"]) == ("ready_early", 7)
    assert "7" in shown["sentence"]
    assert shown["collecting"]["place"] in shown["sentence"]
    assert "7:00–11:30" in shown["collecting"]["hours"]
    assert shown["officer"] is not None
    assert [entry["event"] for entry in shown["timeline"]][-1] == "completed"


def test_words_are_vietnamese_by_default_and_english_on_request(desk: Caller) -> None:
    dossier = desk.take_in()

    by_default = look_up(dossier).body
    english = look_up(dossier, **{"Accept-Language": "en"}).body

    assert english["sentence"].startswith(english["office"]["name"] + " is working")
    assert by_default["sentence"] != english["sentence"]
    assert by_default["timeline"][0]["text"] != english["timeline"][0]["text"]


@pytest.mark.parametrize("action", ["withdraw", "cancel"])
def test_closed_dossier_says_how_it_ended(desk: Caller, action: str) -> None:
    dossier = desk.moved(desk.take_in(procedure=BIRTH), action, reason="Nhập nhầm thủ tục")

    shown = look_up(dossier).body

    assert shown["stage"] == "closed"
    assert shown["sentence_key"] == {"withdraw": "withdrawn", "cancel": "cancelled"}[action]
    assert shown["closing_reason"] == "Nhập nhầm thủ tục"


def test_look_up_costs_the_same_queries_however_long_the_history(desk: Caller) -> None:
    dossier = desk.take_in(procedure=BIRTH)
    counts = []
    for _step in range(4):
        with CaptureQueriesContext(connection) as captured:
            look_up(dossier)
        counts.append(len(captured))
        dossier = holder_of(dossier).moved(dossier, "hand_over")

    assert len(set(counts)) == 1
