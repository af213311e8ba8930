"""Whether an answer of the API is one that its own OpenAPI document promises."""

import re
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from cases.api.document import Document, document

PROBLEM = "application/problem+json"


def contract() -> Document:
    """The document that answers are held against."""
    return document("vi")


def operations() -> dict[str, Any]:
    """Every operation of the document by its id."""
    calls = (call for calls in contract()["paths"].values() for call in calls.values())
    return {call["operationId"]: call for call in calls}


def address_of(name: str) -> str:
    """The address of an operation, with its {parameters}."""
    return next(
        str(path)
        for path, calls in contract()["paths"].items()
        for call in calls.values()
        if call["operationId"] == name
    )


def operation_at(method: str, address: str) -> str:
    """The id of the operation that a request calls, empty for none."""
    call = (_calls_at(urlsplit(address).path) or {}).get(method.lower())
    return "" if call is None else str(call["operationId"])


def declared_codes(operation: Any) -> set[str]:
    """The codes of refusals that an operation declares."""
    return {
        code
        for status, response in operation["responses"].items()
        if status >= "400"
        for code in response["content"][PROBLEM]["schema"]["allOf"][1]["properties"]["code"]["enum"]
    }


def breaches(method: str, address: str, *, status: int, content_type: str, body: Any) -> list[str]:
    """What the document does not promise of this answer; nothing for an address without a call."""
    path = urlsplit(address).path
    calls = _calls_at(path)
    if calls is None:
        return []
    call = calls.get(method.lower())
    if call is None:
        return [] if status == 405 or method in ("HEAD", "OPTIONS") else [f"{method}: {status}"]
    name = call["operationId"]
    response = call["responses"].get(str(status))
    if response is None:
        return [f"{name} does not declare {status}: {body}"]
    media_type = content_type.partition(";")[0]
    if media_type not in response["content"]:
        return [f"{name} does not declare {media_type} for {status}"]
    if body is None:
        return []
    validator = validator_of(contract(), response["content"][media_type]["schema"])
    return [f"{name} {status} {e.json_path}: {e.message}" for e in validator.iter_errors(body)]


def validator_of(doc: Document, schema: Any) -> Draft202012Validator:
    """A validator of a schema of the document, whose references lead into the document."""
    return Draft202012Validator({**schema, "components": doc["components"]})


def _calls_at(path: str) -> Any:
    paths = contract()["paths"]
    if path in paths:
        return paths[path]
    found = (template for template in paths if _pattern(template).fullmatch(path))
    template = next(found, None)
    return None if template is None else paths[template]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(template)))
