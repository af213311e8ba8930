"""The OpenAPI 3.1 document describes the API that there is."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from cases.api import urls
from cases.tests.api_caller import Caller, caller
from cases.workflow import TRANSITIONS
from offices.models import Officer

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture
def document(db: None) -> Any:
    reply = Caller().get("schema/")
    assert reply.status == 200
    return reply.body


def test_document_is_valid_and_generated_without_a_warning(tmp_path: Path) -> None:
    file = tmp_path / "schema.json"

    call_command(
        "spectacular", "--validate", "--fail-on-warn", format="openapi-json", file=str(file)
    )

    assert json.loads(file.read_text())["openapi"] == "3.1.0"


def test_browser_is_led_to_the_page_for_people(db: None) -> None:
    for accept in (BROWSER, "text/html"):
        reply = Caller().get("schema/", headers={"Accept": accept})

        assert (reply.status, reply.headers["Location"]) == (302, "/api/v1/docs/")
        assert "Accept" in reply.headers["Vary"]


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "application/json, text/html"])
def test_program_gets_the_document_as_json(db: None, accept: str) -> None:
    reply = Caller().get("schema/", headers={"Accept": accept} if accept else {})

    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")


def test_document_is_there_as_yaml_for_who_asks(db: None) -> None:
    by_type = Caller().get("schema/", headers={"Accept": "application/yaml"})
    by_link = Caller().get("schema/", {"format": "yaml"}, headers={"Accept": BROWSER})

    for reply in (by_type, by_link):
        assert reply.status == 200
        assert b"openapi: 3.1.0" in reply.content


def test_link_to_the_json_gives_json_to_a_browser_too(db: None) -> None:
    reply = Caller().get("schema/", {"format": "json"}, headers={"Accept": BROWSER})

    assert (reply.status, reply.body["openapi"]) == (200, "3.1.0")


@pytest.mark.parametrize(
    ("query", "accept", "status"), [({"format": "xml"}, "*/*", 400), ({}, "image/png", 406)]
)
def test_what_the_document_cannot_be_is_a_problem(
    db: None, query: dict[str, str], accept: str, status: int
) -> None:
    reply = Caller().get("schema/", query, headers={"Accept": accept})

    assert (reply.status, reply.headers["Content-Type"]) == (status, "application/problem+json")


@pytest.mark.parametrize("accept", ["text/html", "application/yaml", "*/*"])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_document_is_read_only_whatever_is_accepted(db: None, method: str, accept: str) -> None:
    answer = Client().generic(method, "/api/v1/schema/", headers={"Accept": accept})

    assert (answer.status_code, answer.json()["code"]) == (405, "method")
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_document_is_in_the_language_of_the_caller(db: None) -> None:
    english = Caller().get("schema/", headers={"Accept-Language": "en"}).body
    vietnamese = Caller().get("schema/").body

    take_in = "/api/v1/dossiers/"
    assert english["paths"][take_in]["post"]["summary"] == "Take a dossier in"
    assert vietnamese["paths"][take_in]["post"]["summary"] == "Nhận một hồ sơ"


def test_every_call_is_in_the_document(document: Any) -> None:
    for pattern in urls.urlpatterns:
        route = re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        if route in ("schema/", "docs/"):
            continue
        for action in {row.action for row in TRANSITIONS}:
            assert f"/api/v1/{route.replace('{action}', action)}" in document["paths"]


def test_every_refusal_is_declared_as_a_problem(document: Any) -> None:
    for path, calls in document["paths"].items():
        for method, call in calls.items():
            refusals = {s: r for s, r in call["responses"].items() if s >= "400"}
            assert "404" in refusals or "400" in refusals, (path, method)
            for refusal in refusals.values():
                assert list(refusal["content"]) == ["application/problem+json"]


def test_writes_declare_every_code_of_the_contract(document: Any) -> None:
    for path, calls in document["paths"].items():
        for call in (call for method, call in calls.items() if method == "post"):
            found = {"404"} if "{handle}" in path else set()
            assert set(call["responses"]) >= {"400", "401", "403", "409", "422", "429"} | found


def test_look_up_needs_no_token_and_all_else_does(document: Any) -> None:
    for path, calls in document["paths"].items():
        for call in calls.values():
            is_open = "/lookup/" in path
            assert (call.get("security", [{}]) in ([{}], [])) is is_open, path


def test_answers_have_the_members_that_the_document_promises(
    document: Any, province: None, front_desk: Officer
) -> None:
    schemas = document["components"]["schemas"]
    dossier = caller(front_desk).take_in()

    assert set(schemas["Dossier"]["properties"]) == set(dossier)
    assert set(schemas["Step"]["properties"]) == set(dossier["steps"][0])
