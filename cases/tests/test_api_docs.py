"""`/api/v1/docs/`: the OpenAPI document as people read it."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases.tests.api_contract import contract, declared_codes, operations

pytestmark = pytest.mark.django_db

DOCS = "/api/v1/docs/"
JSON = {"Accept": "application/json"}


@pytest.fixture
def page() -> str:
    return Client().get(DOCS).content.decode()


def test_every_call_is_on_the_page_with_address_body_answer_and_refusals(page: str) -> None:
    for path, calls in contract()["paths"].items():
        for method, call in calls.items():
            part = page.split(f'<h3 id="{call["operationId"]}">')[1].split("<h3 ")[0]
            assert f'<span class="verb">{method.upper()}</span> <code>{path}</code>' in part
            for parameter in call["parameters"]:
                assert f"<code>{parameter['name']}</code>" in part
            assert ("request.json" in part) is ("requestBody" in call)


def test_every_code_of_every_call_is_explained_there_or_once_for_all(page: str) -> None:
    for_all = page.split('<h2 id="every-call">')[1].split("</section>")[0]
    for name, operation in operations().items():
        part = page.split(f'<h3 id="{name}">')[1].split("<h3 ")[0]
        for code in declared_codes(operation):
            assert f"<code>{code}</code>" in part + for_all, (name, code)


def test_nested_members_are_named_by_their_path(page: str) -> None:
    for name in ("applicant.consents.news", "documents[].state", "steps[].officer.username"):
        assert f"<code>{name}</code>" in page


def test_every_link_on_the_page_leads_to_a_place_on_it(page: str) -> None:
    ids = re.findall(r' id="([^"]+)"', page)

    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def test_page_is_vietnamese_by_default_and_english_on_request(page: str) -> None:
    english = Client().get(DOCS, headers={"Accept-Language": "en"}).content.decode()

    assert "Nhận một hồ sơ" in page
    assert "Take a dossier in" in english
    assert '<html lang="en"' in english


def test_page_asks_for_nothing_in_the_database() -> None:
    with CaptureQueriesContext(connection) as made:
        Client().get(DOCS)

    assert len(made) == 0


@pytest.mark.parametrize("headers", [{}, JSON, {"Accept": "image/png"}])
def test_page_is_html_whatever_is_accepted(headers: dict[str, str]) -> None:
    answer = Client().get(DOCS, headers=headers)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_page_is_read_only(method: str) -> None:
    answer = Client().generic(method, DOCS)

    assert (answer.status_code, answer.json()["code"]) == (405, "method")


def test_what_a_host_is_called_by_cannot_write_into_the_page() -> None:
    answer = Client().get(DOCS, headers={"Host": 'localhost"><b>'})

    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")
