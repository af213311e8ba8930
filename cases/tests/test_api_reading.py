"""Reading dossiers over the API: one, a list, the timeline, the receipt; and whose they are."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.api.pages import KeysetPages
from cases.models import FormPrint
from cases.tests.api_caller import (
    COUNTER,
    OTHER_COUNTER,
    Caller,
    applicant_body,
    caller,
    holder_of,
    stored,
)
from cases.tests.cast import BIRTH
from citizens.models import PersonalDataAccess
from offices.models import Officer
from offices.tests.cast import officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


@pytest.fixture
def stranger(province: None) -> Caller:
    """The front desk of a commune that has no part in the dossiers."""
    return caller(officer_of(OTHER_COUNTER, "front_desk"))


def codes(page: Any) -> list[str]:
    return [row["code"] for row in page.body["results"]]


def queries_of(desk: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(path).status == 200
    return len(captured)


# ---- one dossier ---------------------------------------------------------------------------------


def test_reference_stands_wherever_a_code_does(desk: Caller) -> None:
    dossier = desk.take_in()

    for rest in ("", "timeline/"):
        by_code = desk.get(f"dossiers/{dossier['code']}/{rest}")
        by_ref = desk.get(f"dossiers/{dossier['ref']}/{rest}")
        assert by_code.status == by_ref.status == 200
        assert by_code.body == by_ref.body
    moved = desk.post(f"dossiers/{dossier['ref']}/actions/hand_over/", {"version": 2})
    assert moved.body["code"] == dossier["code"]


def test_dossier_of_another_office_is_not_found(desk: Caller, stranger: Caller) -> None:
    dossier = desk.take_in()

    for handle in (dossier["code"], dossier["ref"]):
        for rest in ("", "timeline/", "receipt.pdf"):
            reply = stranger.get(f"dossiers/{handle}/{rest}")
            assert (reply.status, reply.body["code"]) == (404, "not_found")
        reply = stranger.post(f"dossiers/{handle}/actions/hand_over/", {"version": 2})
        assert (reply.status, reply.body["code"]) == (404, "not_found")


def test_dossier_that_is_not_there_looks_like_another_offices(
    desk: Caller, stranger: Caller
) -> None:
    dossier = desk.take_in()

    theirs = stranger.get(f"dossiers/{dossier['code']}/")
    absent = stranger.get("dossiers/H20.102-200101-0001/")

    assert (theirs.status, theirs.body) == (absent.status, absent.body)


def test_office_that_had_a_step_keeps_seeing_the_dossier(desk: Caller) -> None:
    dossier = desk.moved(desk.take_in(procedure=BIRTH), "hand_over")
    appraiser = holder_of(dossier)
    dossier = appraiser.moved(dossier, "hand_over")

    assert appraiser.get(f"dossiers/{dossier['code']}/").status == 200


def test_allowed_actions_are_those_of_the_token_that_nothing_speaks_against(desk: Caller) -> None:
    dossier = desk.moved(desk.take_in(procedure=BIRTH), "hand_over")
    appraiser = holder_of(dossier)  # the step has nobody yet, so taking it is free too

    for_desk = {move["action"] for move in dossier["allowed_actions"]}
    theirs = appraiser.get(f"dossiers/{dossier['code']}/").body["allowed_actions"]

    assert for_desk == {"withdraw"}
    assert [move["action"] for move in theirs] == ["take", "hand_over", "request_supplement"]
    assert theirs[1] == {"action": "hand_over", "fields": [{"name": "note", "required": False}]}
    assert appraiser.moved(dossier, "take")["allowed_actions"] == theirs[1:]


def test_every_allowed_action_is_really_allowed(desk: Caller) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "hand_over": {},
        "request_supplement": {"items": [{"name": "Giấy", "original": True}], "reason": "Thiếu"},
        "withdraw": {"reason": "Theo yêu cầu"},
        "cancel": {"reason": "Nhập nhầm"},
    }
    for number, (action, body) in enumerate(bodies.items(), start=1):
        dossier = desk.take_in(number=number)
        assert action in {move["action"] for move in dossier["allowed_actions"]}
        assert desk.move(dossier, action, **body).status == 200


def test_parallel_steps_are_both_open(desk: Caller) -> None:
    dossier = desk.moved(desk.take_in(), "hand_over")

    assert [step["key"] for step in dossier["steps"]] == ["appraise", "drawing_check"]
    assert dossier["office"] == dossier["steps"][0]["office"]


def test_sheet_costs_the_same_queries_whatever_the_dossier_holds(desk: Caller) -> None:
    dossier = desk.take_in()
    fresh = queries_of(desk, f"dossiers/{dossier['code']}/")
    dossier = desk.moved(dossier, "hand_over")

    assert queries_of(desk, f"dossiers/{dossier['code']}/") == fresh


# ---- lists ---------------------------------------------------------------------------------------


def test_list_holds_the_callers_dossiers_newest_first(desk: Caller, stranger: Caller) -> None:
    first, second = (desk.take_in(number=number) for number in (1, 2))
    stranger.take_in(number=3)

    page = desk.get("dossiers/")

    assert page.body.keys() == {"next", "previous", "results"}
    assert codes(page) == [second["code"], first["code"]]
    row = page.body["results"][0]
    assert row == {name: second[name] for name in row}
    assert "lookup_code" not in row


def test_list_is_filtered_by_stage_status_and_office(desk: Caller) -> None:
    received = desk.take_in(number=1)
    processing = desk.moved(desk.take_in(number=2), "hand_over")
    waiting = desk.take_in(number=3, documents=[])

    def found(**query: str) -> list[str]:
        return [row["ref"] for row in desk.get("dossiers/", query).body["results"]]

    assert found(stage="intake") == [received["ref"]]
    assert found(status="processing") == [processing["ref"]]
    assert found(stage="supplement_requested") == [waiting["ref"]]
    assert found(office=COUNTER) == [received["ref"]]
    assert found(office=processing["steps"][1]["office"]) == [processing["ref"]]
    assert found(office="nowhere") == []
    assert found(stage="processing", status="received") == []
    assert len(found(stage="", status="", office="", q="")) == 3


def test_unknown_stage_is_refused_at_its_name(desk: Caller) -> None:
    reply = desk.get("dossiers/", {"stage": "lost", "status": "found"})

    assert reply.status == 400
    assert set(reply.body["errors"]) == {"stage", "status"}


@pytest.mark.parametrize(
    "text",
    [
        "nguyen thi uong", "ƯỞNG", "thi  nguyen", "082199000001", "0821 9900 0001", "0951000011",
        "+84 951000011", "{code}", "{code_lower}", "{code_end}",
    ],
)  # fmt: skip
def test_search_finds_by_code_name_identity_number_and_phone(desk: Caller, text: str) -> None:
    dossier = desk.take_in(number=1)
    desk.take_in(number=2, applicant=applicant_body(2, full_name="Lê Văn Bảy"))
    code: str = dossier["code"]
    text = text.format(code=code, code_lower=code.lower(), code_end=code[-11:])

    assert codes(desk.get("dossiers/", {"q": text})) == [code]


@pytest.mark.parametrize("text", ["08219900000", "0951", "82199", "uong thi hai", "%", "_"])
def test_search_finds_nothing_by_a_part_of_a_number_or_by_a_wildcard(
    desk: Caller, text: str
) -> None:
    desk.take_in()

    assert codes(desk.get("dossiers/", {"q": text})) == []


def test_pages_follow_each_other_without_a_gap(
    desk: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(KeysetPages, "page_size", 2)
    taken = [desk.take_in(number=number)["code"] for number in range(1, 6)]

    page, seen = desk.get("dossiers/"), []
    seen += codes(page)
    while page.body["next"]:
        page = desk.get(page.body["next"])
        seen += codes(page)
    back = desk.get(page.body["previous"])

    assert seen == taken[::-1]
    assert codes(back) == seen[2:4]


@pytest.mark.parametrize(
    "cursor", ["x", "cD1hYmM=", "cD0lMDA=", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "bz05OTk5OTk5", "é"]
)
def test_page_that_we_did_not_make_is_refused(desk: Caller, cursor: str) -> None:
    reply = desk.get("dossiers/", {"cursor": cursor})

    assert reply.status in (200, 400)
    if reply.status == 400:
        assert set(reply.body["errors"]) == {"cursor"}


def test_list_costs_the_same_queries_for_one_row_and_for_thirty(desk: Caller) -> None:
    desk.take_in(number=1)
    one = queries_of(desk, "dossiers/")
    for number in range(2, 31):
        desk.take_in(number=number)

    assert len(desk.get("dossiers/").body["results"]) == 30
    assert queries_of(desk, "dossiers/") == one


# ---- timeline and receipt ------------------------------------------------------------------------


def test_timeline_is_a_plain_array_oldest_first(desk: Caller, front_desk: Officer) -> None:
    dossier = desk.moved(desk.take_in(), "hand_over", note="Đã đủ giấy tờ")

    entries = desk.get(f"dossiers/{dossier['code']}/timeline/").body

    assert [entry["event"] for entry in entries] == ["submitted", "accepted", "handed_over"]
    assert {frozenset(entry) for entry in entries} == {
        frozenset({"at", "event", "actor", "office", "text"})
    }
    last = entries[-1]
    assert last["actor"] == {"username": front_desk.username, "name": front_desk.full_name}
    assert last["office"] == COUNTER
    assert "Đã đủ giấy tờ" in last["text"]
    assert entries[0]["at"].endswith("+07:00")


def test_timeline_costs_the_same_queries_for_three_events_and_for_more(desk: Caller) -> None:
    dossier = desk.take_in(procedure=BIRTH)
    path = f"dossiers/{dossier['code']}/timeline/"
    short = queries_of(desk, path)
    for _step in range(4):
        dossier = holder_of(dossier).moved(dossier, "hand_over")

    assert queries_of(desk, path) == short


def test_receipt_is_the_same_pdf_at_every_call(desk: Caller) -> None:
    path = f"dossiers/{desk.take_in()['code']}/receipt.pdf"

    first, second = desk.get(path), desk.get(path, headers={"Accept": "application/pdf"})

    assert (first.status, first.headers["Content-Type"]) == (200, "application/pdf")
    assert first.content == second.content
    assert first.content.startswith(b"%PDF-")


@pytest.mark.parametrize("name", ["Lê 李明", "Lê 😀 An", "각" * 80, "\u202eLê An\ufeff", "مريم"])
def test_receipt_is_printed_whatever_letters_the_name_has(desk: Caller, name: str) -> None:
    dossier = desk.take_in(applicant=applicant_body(full_name=name))

    reply = desk.get(f"dossiers/{dossier['code']}/receipt.pdf")

    assert reply.status == 200
    assert reply.content.startswith(b"%PDF-")


def test_printed_receipt_is_unreadable_in_the_table(desk: Caller) -> None:
    dossier = desk.take_in()
    printed = desk.get(f"dossiers/{dossier['code']}/receipt.pdf").content

    with connection.cursor() as cursor:
        cursor.execute("SELECT pdf FROM cases_formprint")
        kept = bytes(cursor.fetchone()[0])

    assert b"%PDF" not in kept
    assert FormPrint.objects.get().pdf == printed


def test_who_read_a_receipt_is_written_down(desk: Caller, front_desk: Officer) -> None:
    dossier = desk.take_in()

    desk.get(f"dossiers/{dossier['code']}/receipt.pdf")

    access = PersonalDataAccess.objects.get()
    assert (access.officer, access.dossier_ref) == (front_desk, dossier["ref"])
    assert access.citizen == stored(dossier).citizen


def test_there_is_no_receipt_before_acceptance(desk: Caller) -> None:
    waiting = desk.take_in(documents=[])

    reply = desk.get(f"dossiers/{waiting['ref']}/receipt.pdf")

    assert (reply.status, reply.headers["Content-Type"]) == (404, "application/problem+json")


def test_answers_are_kept_by_no_cache(desk: Caller) -> None:
    dossier = desk.take_in()

    for path in (
        "dossiers/",
        f"dossiers/{dossier['code']}/",
        f"dossiers/{dossier['code']}/receipt.pdf",
    ):
        assert desk.get(path).headers["Cache-Control"] == "no-store"


def test_receipt_comes_on_either_size_of_paper_and_on_no_third(desk: Caller) -> None:
    dossier = desk.take_in()
    path = f"dossiers/{dossier['code']}/receipt.pdf"

    sizes = [desk.get(path, query={"sheet": sheet}).content for sheet in ("a5", "a4")]
    refused = desk.get(path, query={"sheet": "a3"})

    assert sizes[0] != sizes[1]
    assert desk.get(path).content == sizes[0]
    assert (refused.status, list(refused.body["errors"])) == (400, ["sheet"])
