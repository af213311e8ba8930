"""`GET /api/v1/procedures/`: the catalogue as it is in force."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cases.api.pages import CodePages
from cases.tests.api_caller import Caller, caller, intake_body
from cases.tests.cast import BIRTH, SPLIT_PLOT
from offices.models import Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


@pytest.fixture(scope="module")
def imported() -> dict[str, Any]:
    """The procedures of the import file, by code."""
    data = json.loads((settings.BASE_DIR / "data" / "procedures.json").read_text())
    return {procedure["code"]: procedure for procedure in data["procedures"]}


def codes(page: Any) -> list[str]:
    return [row["code"] for row in page.body["results"]]


def test_catalogue_holds_every_imported_procedure(desk: Caller, imported: dict[str, Any]) -> None:
    page = desk.get("procedures/")

    assert page.body.keys() == {"next", "previous", "results"}
    assert codes(page) == sorted(imported)
    row = next(row for row in page.body["results"] if row["code"] == SPLIT_PLOT)
    assert row["cases"][0]["deadline"] == {
        "amount": 7,
        "unit": "working_days",
        "same_day": False,
    }


@pytest.mark.parametrize(
    "text", ["khai sinh", "KHAI SINH", "sinh dang ky", "1.001193", "đăng ký khai sinh"]
)
def test_procedure_is_found_without_accents(desk: Caller, text: str) -> None:
    assert BIRTH in codes(desk.get("procedures/", {"q": text}))


def test_nothing_is_found_by_words_that_none_has(desk: Caller) -> None:
    assert codes(desk.get("procedures/", {"q": "khai sinh nuoc ngoai mat trang"})) == []


def test_procedure_is_told_with_cases_papers_fees_and_steps(
    desk: Caller, imported: dict[str, Any]
) -> None:
    shown = desk.get(f"procedures/{SPLIT_PLOT}/").body
    given = imported[SPLIT_PLOT]

    assert (shown["code"], shown["version"]) == (SPLIT_PLOT, 1)
    assert [case["code"] for case in shown["cases"]] == [case["code"] for case in given["cases"]]
    for case, source in zip(shown["cases"], given["cases"], strict=True):
        assert [paper["key"] for paper in case["documents"]] == [
            paper["key"] for paper in source["documents"]
        ]
        assert len(case["fees"]) == len(source["fees"])
        assert [step["key"] for step in case["steps"]] == [step["key"] for step in given["steps"]]
    assert [step["parallel_group"] for step in shown["steps"]].count("kiem-tra") == 2


def test_case_with_steps_of_its_own_shows_those(desk: Caller, imported: dict[str, Any]) -> None:
    for code, given in imported.items():
        own = {case["code"]: case["steps"] for case in given["cases"] if case.get("steps")}
        if not own:
            continue
        shown = {case["code"]: case for case in desk.get(f"procedures/{code}/").body["cases"]}
        for case, steps in own.items():
            assert [s["key"] for s in shown[case]["steps"]] == [s["key"] for s in steps]


def test_external_procedure_is_shown_with_its_system_and_refused_at_intake(desk: Caller) -> None:
    system = desk.get("procedures/2.001610/").body["external_system"]

    refused = desk.post("dossiers/", intake_body(procedure="2.001610"))

    assert system
    assert (refused.status, refused.body["code"]) == (400, "external_system")
    assert system in refused.body["errors"]["procedure"][0]


def test_unknown_procedure_is_not_found(desk: Caller) -> None:
    assert desk.get("procedures/9.999999/").status == 404


def test_catalogue_is_for_officers(province: None) -> None:
    assert Caller().get("procedures/").status == 401


def test_pages_follow_each_other(desk: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = codes(desk.get("procedures/"))
    monkeypatch.setattr(CodePages, "page_size", 17)

    page = desk.get("procedures/")
    seen = codes(page)
    while page.body["next"]:
        page = desk.get(page.body["next"])
        seen += codes(page)

    assert seen == whole


def test_list_costs_the_same_queries_for_one_row_and_for_thirty(
    desk: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    for size in (1, 30):
        monkeypatch.setattr(CodePages, "page_size", size)
        with CaptureQueriesContext(connection) as captured:
            assert len(desk.get("procedures/").body["results"]) == size
        counts.append(len(captured))

    assert counts[0] == counts[1]


def test_every_procedure_costs_the_same_queries(desk: Caller, imported: dict[str, Any]) -> None:
    counts = set()
    for code in imported:
        with CaptureQueriesContext(connection) as captured:
            assert desk.get(f"procedures/{code}/").status == 200
        counts.add(len(captured))

    assert len(counts) == 1
