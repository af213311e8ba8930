"""Whatever is sent, the answer is a problem in the caller's language, and never a 500."""

import json
from typing import Any

import pytest

from cases.models import Dossier
from cases.tests.api_caller import Caller, applicant_body, caller, intake_body, stored
from citizens.models import Citizen
from offices.models import ApiToken, CalendarDay, Officer, WeeklyInterval

pytestmark = pytest.mark.django_db

STRANGE: list[Any] = [
    None, True, False, 0, -1, 1.5, 10**30, 1e300, "", " ", "\u0000", "a\u0000b", "\u200b",
    "x" * 5000, [], [[]], [None], {}, {"a": {}}, "' OR 1=1 --", "%00",
    "🪷" * 100, "\ufffe", "٠٨٢١٩٩٠٠٠٠٠١",
]  # fmt: skip


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


def is_problem(status: int, body: Any, content_type: str) -> bool:
    return (
        content_type == "application/problem+json"
        and body["status"] == status
        and bool(body["title"])
        and bool(body["code"])
        and body["type"] == "about:blank"
    )


# ---- bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize("field", ["procedure", "case", "commune", "documents", "result_channel"])
def test_any_value_of_any_field_is_taken_or_named(desk: Caller, field: str) -> None:
    for value in STRANGE:
        reply = desk.post("dossiers/", intake_body(**{field: value}))
        if reply.status != 201:
            assert is_problem(400, reply.body, reply.headers["Content-Type"]), (value, reply.body)
            assert all(name.startswith(field) for name in reply.body["errors"]), reply.body


@pytest.mark.parametrize("field", ["identity_number", "full_name", "phone", "commune", "consents"])
def test_any_value_of_the_applicant_is_taken_or_named(desk: Caller, field: str) -> None:
    for value in STRANGE:
        body = intake_body(applicant=applicant_body(**{field: value}))
        reply = desk.post("dossiers/", body)
        if reply.status != 201:
            assert is_problem(400, reply.body, reply.headers["Content-Type"]), (value, reply.body)
            assert all(name.startswith(f"applicant.{field}") for name in reply.body["errors"])


def test_any_body_at_all_is_refused_by_name(desk: Caller) -> None:
    dossier = desk.take_in()
    for value in STRANGE:
        for path in ("dossiers/", f"dossiers/{dossier['code']}/actions/complete/"):
            reply = desk.send("POST", path, body=json.dumps(value))
            assert is_problem(400, reply.body, reply.headers["Content-Type"]), (value, reply.body)
            assert reply.body["errors"]
    assert Dossier.objects.count() == 1


def test_null_means_left_out(desk: Caller) -> None:
    body = intake_body(applicant=applicant_body(phone=None, consents=None))
    body |= dict.fromkeys(("case", "commune", "documents", "result_channel"))

    dossier = desk.post("dossiers/", body)
    moved = desk.post(
        f"dossiers/{dossier.body['code']}/actions/hand_over/",
        {"version": dossier.body["version"], "note": None},
    )

    assert (dossier.status, moved.status) == (201, 200)
    assert Citizen.objects.get().phone == ""


def test_null_for_what_is_needed_is_named(desk: Caller) -> None:
    reply = desk.post("dossiers/", intake_body(applicant=applicant_body(full_name=None)))

    assert reply.status == 400
    assert list(reply.body["errors"]) == ["applicant.full_name"]


@pytest.mark.parametrize("body", [[], "x", 1, [{}]])
def test_what_is_no_object_is_refused_without_a_word_of_python(desk: Caller, body: Any) -> None:
    reply = desk.send("POST", "dossiers/", body=json.dumps(body))
    papers = desk.post("dossiers/", intake_body(documents=body))

    assert reply.body["errors"] == {"body": ["Gửi một đối tượng có các trường được đặt tên."]}
    assert isinstance(body, list) or papers.body["errors"] == {"documents": ["Gửi một danh sách."]}


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"\xff\xfe", b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}', b'"\\ud800"',
        b'{"\\udfff": 1}', b'{"a": "\xed\xa0\x80"}', b"[" * 100_000, b'{"a":' * 5000,
        b"1" * 5000, b"{'a': 1}", b"null null", "ổ".encode("utf-16"), b"\x00",
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused_as_such(desk: Caller, body: bytes) -> None:
    reply = desk.send("POST", "dossiers/", body=body, headers={"Idempotency-Key": "k"})

    assert is_problem(400, reply.body, reply.headers["Content-Type"])
    assert reply.body["code"] == "parse_error"


def test_json_may_start_with_a_byte_order_mark_and_claim_any_charset(desk: Caller) -> None:
    body = b"\xef\xbb\xbf" + json.dumps(intake_body()).encode()

    for charset in ("utf-8", "zlib", "base64", "utf-16", "nonsense"):
        content_type = f"application/json; charset={charset}"
        assert desk.send("POST", "dossiers/", body=body, content_type=content_type).status == 201
        query = {"q": "ưởng"}
        assert desk.send("GET", "dossiers/", query=query, content_type=content_type).status == 200


def test_body_that_is_too_large_is_refused_before_it_is_read(desk: Caller) -> None:
    reply = desk.send("POST", "dossiers/", body=b'"' + b"x" * 1_000_001 + b'"')

    assert is_problem(413, reply.body, reply.headers["Content-Type"])


def test_form_is_no_json(desk: Caller) -> None:
    for content_type in ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data"):
        reply = desk.send("POST", "dossiers/", body=b"procedure=1", content_type=content_type)
        assert is_problem(415, reply.body, reply.headers["Content-Type"])


def test_a_refused_intake_leaves_nothing_half_written(desk: Caller) -> None:
    papers = [{"key": "d1", "state": "database"}]  # found out only after the person was written

    assert desk.post("dossiers/", intake_body(documents=papers)).status == 400
    assert not Dossier.objects.exists()
    assert not Citizen.objects.exists()


def test_calendar_without_a_working_day_stops_an_intake_and_not_the_look_up(desk: Caller) -> None:
    dossier = stored(desk.take_in())
    WeeklyInterval.objects.all().delete()
    CalendarDay.objects.all().delete()

    refused = desk.post("dossiers/", intake_body(2))
    shown = Caller().get(f"lookup/{dossier.lookup_token}/")

    assert is_problem(409, refused.body, refused.headers["Content-Type"])
    assert refused.body["code"] == "no_working_day"
    assert Dossier.objects.count() == 1
    assert (shown.status, shown.body["why"], shown.body["share"]) == (200, [], None)


# ---- addresses, methods, headers -----------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "", "nothing/", "dossiers", "dossiers/x", "dossiers/%00/", "dossiers/a%00b/timeline/",
        "dossiers/%ED%A0%80/", "dossiers/../dossiers", "dossiers/x'--/", "procedures/%00/",
        "procedures/1.115783", "lookup/%00/", "lookup/", "schema", "/api/", "/api/v2/dossiers/",
    ],
)  # fmt: skip
def test_address_that_is_none_is_a_problem_too(desk: Caller, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        reply = desk.send(method, path, body=b"{}")
        assert reply.status in (404, 405)
        assert is_problem(reply.status, reply.body, reply.headers["Content-Type"])


def test_method_that_is_none_says_which_there_are(desk: Caller) -> None:
    code = desk.take_in()["code"]
    for method, path, allowed in (
        ("PUT", "dossiers/", "GET, POST, HEAD, OPTIONS"),
        ("PATCH", f"dossiers/{code}/", "GET, HEAD, OPTIONS"),
        ("GET", f"dossiers/{code}/actions/take/", "POST, OPTIONS"),
        ("DELETE", "procedures/", "GET, HEAD, OPTIONS"),
    ):
        reply = desk.send(method, path, body=b"{}")
        assert is_problem(405, reply.body, reply.headers["Content-Type"])
        assert reply.headers["Allow"] == allowed


def test_caller_who_takes_no_json_is_told_so(desk: Caller) -> None:
    reply = desk.get("dossiers/", headers={"Accept": "text/html"})

    assert is_problem(406, reply.body, reply.headers["Content-Type"])


def test_browser_gets_json(desk: Caller) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    reply = desk.get("dossiers/", headers={"Accept": accept})

    assert (reply.status, reply.headers["Content-Type"]) == (200, "application/json")


@pytest.mark.parametrize("name", ["q", "office", "cursor", "stage", "status", "format"])
def test_any_query_is_answered_or_named(desk: Caller, name: str) -> None:
    for value in ("\u0000", "x" * 3000, "%", "🪷", "-1", "[]", "ưởng", "9" * 400, "\u0301"):
        for path in ("dossiers/", "procedures/"):
            reply = desk.get(path, {name: value})
            assert reply.status in (200, 400, 404), (path, value)


def test_any_authorization_is_refused_or_right(desk: Caller) -> None:
    for value in (
        "Token",
        "Token a b",
        "Basic eDp5",
        "token \u00ff",
        "Bearer x",
        "Token " + "x" * 9999,
    ):
        reply = Caller().get("dossiers/", headers={"Authorization": value})
        assert is_problem(401, reply.body, reply.headers["Content-Type"])


def test_revoked_token_is_no_token(desk: Caller) -> None:
    token = ApiToken.objects.get()
    token.revoked_at = token.created_at
    token.save(update_fields=["revoked_at"])

    assert desk.get("dossiers/").status == 401


def test_token_of_an_officer_who_left_is_no_token(desk: Caller, front_desk: Officer) -> None:
    front_desk.is_active = False
    front_desk.save(update_fields=["is_active"])

    assert desk.get("dossiers/").status == 401


# ---- language ------------------------------------------------------------------------------------


def refusals(desk: Caller, language: str) -> list[Any]:
    """One problem of every kind, in the language that is asked for."""
    headers = {"Accept-Language": language} if language else {}
    dossier = desk.take_in(number=stored_count() + 1)
    code = dossier["code"]
    bad = intake_body(
        applicant={"identity_number": "08219900001", "phone": "113", "consents": {"news": "so-so"}},
        documents={"key": 1},
        result_channel="pigeon",
    )
    replies = [
        desk.post("dossiers/", bad, headers=headers),
        desk.post("dossiers/", [], headers=headers),
        desk.post("dossiers/", {"procedure": None, "applicant": None}, headers=headers),
        desk.send("POST", "dossiers/", body=b"{", headers=headers),
        desk.send("POST", "dossiers/", body=b"a=b", content_type="text/plain", headers=headers),
        desk.post("dossiers/", intake_body(commune="0", case="no"), headers=headers),
        desk.post(f"dossiers/{code}/actions/take/", {"version": "x"}, headers=headers),
        desk.post(f"dossiers/{code}/actions/take/", {"version": 0}, headers=headers),
        desk.post(f"dossiers/{code}/actions/take/", {"version": 2**31}, headers=headers),
        desk.post(f"dossiers/{code}/actions/take/", {"version": 99}, headers=headers),
        desk.post(f"dossiers/{code}/actions/fly/", {"version": 2}, headers=headers),
        desk.post(f"dossiers/{code}/actions/complete/", {"version": 2, "outcome": "granted"},
                  headers=headers),
        desk.get("dossiers/", {"cursor": "x", "stage": "x"}, headers=headers),
        desk.get("dossiers/x/", headers=headers),
        desk.get("procedures/x/", headers=headers),
        desk.send("PUT", "dossiers/", body=b"{}", headers=headers),
        desk.get("dossiers/", headers=headers | {"Accept": "text/html"}),
        Caller().get("dossiers/", headers=headers),
        Caller("x").get("dossiers/", headers=headers),
        Caller().get("lookup/x/", headers=headers),
    ]  # fmt: skip
    assert all(is_problem(r.status, r.body, r.headers["Content-Type"]) for r in replies)
    return [reply.body for reply in replies]


def stored_count() -> int:
    return Dossier.objects.count()


def words_of(problem: Any) -> list[str]:
    """Every text for people in a problem."""
    texts = [problem["title"], *problem.get("reasons", [])]
    return texts + [text for field in problem.get("errors", {}).values() for text in field]


def test_problems_are_vietnamese_by_default_and_english_on_request(desk: Caller) -> None:
    by_default, vietnamese, english = (refusals(desk, lang) for lang in ("", "vi-VN", "en"))

    for default, vi, en in zip(by_default, vietnamese, english, strict=True):
        assert [w for w in words_of(en) if not w.isascii() and "“" not in w] == []
        same = [w for w in words_of(vi) if w in words_of(en)]
        assert same == [], "not in the Vietnamese catalogue"
        assert default["code"] == vi["code"] == en["code"]
        assert len(words_of(default)) == len(words_of(vi)) == len(words_of(en))


def test_identity_number_is_refused_in_the_words_of_the_screens(desk: Caller) -> None:
    body = intake_body(applicant=applicant_body(identity_number="08219900001"))

    errors = desk.post("dossiers/", body).body["errors"]

    assert errors == {"applicant.identity_number": ["Số căn cước phải đủ 12 chữ số; đang có 11."]}
    assert stored(desk.take_in())
