"""Every body and answer has an example that its own schema takes and that the portal accepts."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine

from cases.api.examples import EXAMPLES
from cases.tests.api_caller import Caller, caller
from cases.tests.api_contract import PROBLEM, contract, operations, validator_of
from cases.tests.api_scenes import scene_of
from offices.models import Officer

pytestmark = pytest.mark.django_db

THE_DAY_OF_THE_EXAMPLES = datetime.fromisoformat("2026-11-24T09:00:00+07:00")


def contents(operation: Any) -> Iterator[tuple[str, Any]]:
    """(where, content) of the body and of each answer of an operation."""
    for media_type, content in operation.get("requestBody", {}).get("content", {}).items():
        yield f"body {media_type}", content
    for status, response in operation["responses"].items():
        for media_type, content in response["content"].items():
            yield f"{status} {media_type}", content


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


def test_every_body_and_every_answer_has_an_example() -> None:
    without = [
        f"{name}: {where}"
        for name, operation in operations().items()
        for where, content in contents(operation)
        if not content.get("examples")
    ]

    assert without == ["dossiers_receipt: 200 application/pdf"]


def test_every_example_fits_its_own_schema() -> None:
    wrong = [
        f"{name} {where} {error.json_path}: {error.message}"
        for name, operation in operations().items()
        for where, content in contents(operation)
        for example in content.get("examples", {}).values()
        for error in validator_of(contract(), content["schema"]).iter_errors(example["value"])
    ]

    assert wrong == []


def test_there_is_an_example_of_every_code_that_is_declared() -> None:
    for name, operation in operations().items():
        for status, response in operation["responses"].items():
            for media_type, content in response["content"].items():
                if media_type == PROBLEM:
                    codes = content["schema"]["allOf"][1]["properties"]["code"]["enum"]
                    shown = [one["value"]["code"] for one in content["examples"].values()]
                    assert shown == codes, (name, status)


def test_no_example_belongs_to_a_call_that_is_not_there() -> None:
    assert set(EXAMPLES) <= set(operations())


@pytest.mark.parametrize("name", [name for name in EXAMPLES if "request" in EXAMPLES[name]])
def test_the_body_of_an_example_is_accepted_and_answered_as_the_example_says(
    desk: Caller, name: str
) -> None:
    body, answer = EXAMPLES[name]["request"], EXAMPLES[name]["answer"]
    with time_machine.travel(THE_DAY_OF_THE_EXAMPLES):
        scene = scene_of(name, desk)
        version = {"version": scene.body["version"]} if "version" in body else {}
        reply = scene.call(body=body | version)

    assert reply.status in (200, 201), reply.body
    assert set(reply.body) == set(answer)
    assert (reply.body["stage"], reply.body["status"]) == (answer["stage"], answer["status"])
