"""Reading requests and writing answers as the contract has them: application errors in a 200."""

import json
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from sandbox.templates import Refusal

Details = dict[str, object]
DETAILS: web.RequestKey[Details] = web.RequestKey("details", Details)
ERROR: web.ResponseKey[int] = web.ResponseKey("error", int)

MAX_FIELDS = 100


class Refused(Exception):
    """The call is refused by an application error; `error` is the contract's code."""

    def __init__(self, error: int, message: str) -> None:
        super().__init__(message)
        self.refusal = Refusal(error, message)


class BadBody(Refused):
    """The body is empty or not what it claims to be."""


async def read_json(request: web.Request) -> Any:
    """The body as JSON, whatever its content type says; BadBody -121 (empty) or -122."""
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge as error:
        raise BadBody(-122, "Body is too large") from error
    if not raw.strip():
        raise BadBody(-121, "Body is empty")
    return parse_json(raw)


async def read_object(request: web.Request) -> dict[str, Any]:
    """The body as a JSON object."""
    data = await read_json(request)
    if not isinstance(data, dict):
        raise BadBody(-122, "Body is not a JSON object")
    return data


def parse_json(raw: bytes | str) -> Any:
    """Strict JSON: UTF-8, no NaN, no lone surrogates; BadBody otherwise."""
    try:
        data = json.loads(raw, parse_constant=_refuse_constant)
        json.dumps(data, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise BadBody(-122, "Body is not valid JSON") from error
    return data


async def read_form(request: web.Request) -> dict[str, str]:
    """The first value of each field of an urlencoded body; an unreadable one has no fields."""
    try:
        raw = await request.read()
        fields = parse_qs(
            raw.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS
        )
    except (web.HTTPRequestEntityTooLarge, ValueError):
        return {}
    return {name: values[0] for name, values in fields.items()}


def success(data: object = None, **beside: object) -> web.Response:
    """`{"error": 0, "message": "Success", "data": …}`; some calls have no data."""
    rest = beside if data is None else {"data": data, **beside}
    return _json(0, "Success", rest)


def refused(refusal: Refusal) -> web.Response:
    """An application error, with HTTP 200."""
    return _json(refusal.error, refusal.message, {})


def note(request: web.Request, **details: object) -> None:
    """Adds details of this exchange to the wire log; callers mask what must not be read there."""
    request[DETAILS].update(details)


def _json(error: int, message: str, rest: dict[str, object]) -> web.Response:
    response = web.json_response({"error": error, "message": message, **rest}, dumps=_dumps)
    response[ERROR] = error
    return response


def _dumps(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
