"""Every code of the contract in its class, and answers that are not codes."""

import pytest

from notifications.channels.base import Answer, Fault, Outcome, Result
from notifications.channels.zalo_answers import read
from notifications.channels.zalo_codes import MEANINGS, meaning_of

# The table of delivery-rules 3, and zalo-contract 3.6 and 6 for the codes that it does not name.
EXPECTED: dict[Result, str] = {
    Result.RETRY: "-100 -129 -152 -214",
    Result.RATE: "-32",
    Result.RETRY_FEW: "-200",
    Result.QUOTA: "-144 -147 -126 -1441 -160 -211 -218 -115",
    Result.NIGHT: "-133 -234",
    Result.TOKEN: "-124 -216 -220",
    Result.CONFIGURATION: (
        "-101 -102 -103 -104 -105 -106 -117 -135 -136 -137 -138 -145 -1241 -320 -321 -240 -109 "
        "-131 -146 -249 -1351 -1381 -120 -1201 -1202 -123 -125 -128 -142 -143 -151 -161 -162 -202 "
        "-204 -205 -207 -208 -209 -212 -215 -219 -221 -224 -235 -237 -238 -241 -242"
    ),
    Result.RECIPIENT: (
        "-108 -110 -114 -118 -119 -139 -140 -141 -213 -217 -222 -227 -230 -232 -244 -1471 -1472 "
        "-134 -305 -311 -403 -107 -127"
    ),
    Result.PAYLOAD: (
        "-111 -112 -1121 -1122 -1123 -1124 -113 -1131 -116 -130 -132 -201 -210 -153 -1091 -121 "
        "-122 -148 -149 -1491 -150 -158 -159 -233 -248"
    ),
}
_PAIRS = [(int(code), result) for result, codes in EXPECTED.items() for code in codes.split()]


@pytest.mark.parametrize(("code", "result"), _PAIRS)
@pytest.mark.parametrize("quoted", [False, True], ids=["int", "quoted"])
def test_a_code_has_its_class_quoted_or_not(code: int, result: Result, quoted: bool) -> None:
    error = f'"{code}"' if quoted else code
    answer = Answer(200, f'{{"error": {error}, "message": "x"}}'.encode())

    outcome = read(answer, msg_id_field="msg_id")

    assert (outcome.result, outcome.code) == (result, code)


def test_no_code_of_the_table_is_left_out_here() -> None:
    assert {code for code, _result in _PAIRS} == MEANINGS.keys()


@pytest.mark.parametrize(
    ("code", "text", "result"),
    [
        (-201, "user_id is invalid", Result.RECIPIENT),
        (-201, "phone is invalid", Result.RECIPIENT),
        (-201, "template_data is invalid", Result.PAYLOAD),
        (-223, "OA has not authorised this API", Result.CONFIGURATION),
        (-223, "Article quota reached", Result.QUOTA),
        (-987, "", Result.RETRY_FEW),
    ],
)
def test_an_overloaded_code_is_told_apart_by_its_text(code: int, text: str, result: Result) -> None:
    assert meaning_of(code, text).result is result


def outcome_of(status: int, body: bytes = b"", retry_after: str = "") -> Outcome:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return read(Answer(status, body, headers), msg_id_field="msg_id")


@pytest.mark.parametrize(
    ("status", "body", "result"),
    [
        (200, b'{"error": 0, "data": {"msg_id": "m1"}}', Result.ACCEPTED),
        (200, b'{"error": "0", "data": {"msg_id": 17}}', Result.ACCEPTED),
        (200, b'{"error": 0, "data": {}}', Result.UNKNOWN),
        (200, b'{"error": 0}', Result.UNKNOWN),
        (200, b'{"data": {"msg_id": "m1"}}', Result.UNKNOWN),
        (200, b'{"error": true, "data": {"msg_id": "m1"}}', Result.UNKNOWN),
        (200, b"[]", Result.UNKNOWN),
        (200, b"", Result.UNKNOWN),
        (200, b"\xff\xfe", Result.UNKNOWN),
        (500, b'{"error": -124}', Result.UNKNOWN),
        (502, b"<html>", Result.UNKNOWN),
        (504, b"", Result.UNKNOWN),
        (503, b"", Result.RATE),
        (429, b"", Result.RATE),
        (408, b"", Result.RATE),
        (429, b'{"error": -32}', Result.RATE),
        (400, b"<html>", Result.RETRY_FEW),
        (404, b"", Result.RETRY_FEW),
        (302, b"", Result.UNKNOWN),
    ],
)
def test_an_answer_without_a_certain_code_is_unknown_or_safe_by_its_status(
    status: int, body: bytes, result: Result
) -> None:
    assert outcome_of(status, body).result is result


def test_the_waiting_time_of_the_provider_is_honoured() -> None:
    assert outcome_of(429, retry_after="7").retry_after_s == 7.0
    assert outcome_of(429, retry_after="soon").retry_after_s is None


@pytest.mark.parametrize(
    ("fault", "result"),
    [(Fault.NEVER_LEFT, Result.RETRY), (Fault.NO_ANSWER, Result.UNKNOWN)],
)
def test_only_what_never_left_is_retried(fault: Fault, result: Result) -> None:
    assert read(Answer(fault=fault, cause="x"), msg_id_field="msg_id").result is result
