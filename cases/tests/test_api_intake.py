"""`POST /api/v1/dossiers/` as the interface page promises it."""

import re
import unicodedata
from typing import Any

import pytest
from django.conf import settings

from cases.models import Dossier, IdempotencyKey
from cases.tests.api_caller import COUNTER, Caller, applicant_body, caller, intake_body, stored
from cases.tests.cast import BIRTH, SPLIT_PLOT
from citizens.models import Citizen
from offices.models import Office, Officer

pytestmark = pytest.mark.django_db

CONTRACT = {
    "ref", "code", "due_at", "stage", "status", "version", "procedure", "case", "office", "officer",
    "steps", "received_at", "promised_at", "outcome", "timeliness", "lookup_url", "lookup_code",
    "receipt_url", "allowed_actions",
}  # fmt: skip
ALL_PAPERS = [{"key": key, "state": "original", "count": 1} for key in ("d1", "d2", "d3")]


@pytest.fixture
def desk(province: None, front_desk: Officer) -> Caller:
    return caller(front_desk)


def errors_of(desk: Caller, **changes: Any) -> dict[str, list[str]]:
    """The errors per field of an intake that is refused whole."""
    reply = desk.post("dossiers/", intake_body(**changes))
    assert (reply.status, reply.headers["Content-Type"]) == (400, "application/problem+json")
    assert not Dossier.objects.exists()
    assert not Citizen.objects.exists()
    errors: dict[str, list[str]] = reply.body["errors"]
    return errors


def test_complete_dossier_is_accepted_and_told_by_all_names_of_the_contract(
    desk: Caller, front_desk: Officer
) -> None:
    dossier = desk.take_in()

    me = {"username": front_desk.username, "name": front_desk.full_name}
    assert dossier.keys() >= CONTRACT
    assert re.fullmatch(r"H20\.102-\d{6}-0001", dossier["code"])
    assert (dossier["stage"], dossier["status"], dossier["version"]) == ("intake", "received", 2)
    assert (dossier["procedure"], dossier["case"]) == (SPLIT_PLOT, "tach-hop-thuong")
    assert (dossier["office"], dossier["officer"]) == (COUNTER, me)
    assert (dossier["outcome"], dossier["timeliness"]) == (None, None)
    (step,) = dossier["steps"]
    assert (step["key"], step["office"], step["role"]) == ("receive", COUNTER, "front_desk")
    assert step["officer"] == me
    assert re.fullmatch(r"[0-9A-Z]{4}", dossier["lookup_code"])


def test_instants_are_written_with_the_offset_of_vietnam(desk: Caller) -> None:
    dossier = desk.take_in()

    for name in ("received_at", "due_at", "promised_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+07:00", dossier[name])
    assert dossier["due_at"] == dossier["promised_at"]


def test_addresses_of_look_up_and_receipt_are_absolute(desk: Caller) -> None:
    dossier = desk.take_in()

    token = stored(dossier).lookup_token
    assert dossier["lookup_url"] == f"{settings.ONESTOP_PUBLIC_URL}/t/{token}"
    assert desk.get(dossier["receipt_url"]).content.startswith(b"%PDF-")


def test_without_a_token_nothing_is_taken_in(desk: Caller) -> None:
    for stranger in (Caller(), Caller("no-such-token"), Caller("two words")):
        reply = stranger.post("dossiers/", intake_body())
        assert (reply.status, reply.body["status"]) == (401, 401)
        assert reply.headers["WWW-Authenticate"] == "Token"
    assert not Dossier.objects.exists()


def test_only_a_front_desk_takes_dossiers_in(processor: Officer) -> None:
    for body in (intake_body(), {}):
        reply = caller(processor).post("dossiers/", body)
        assert (reply.status, reply.body["code"]) == (403, "role_missing")


def test_missing_required_paper_leaves_it_without_a_code_and_asks_for_it(desk: Caller) -> None:
    papers = [*ALL_PAPERS[:2], {"key": "d3", "state": "missing"}]

    dossier = desk.take_in(documents=papers)

    assert (dossier["stage"], dossier["status"]) == ("supplement_requested",) * 2
    assert (dossier["code"], dossier["due_at"], dossier["promised_at"]) == (None, None, None)
    assert (dossier["received_at"], dossier["receipt_url"], dossier["office"]) == (None,) * 3
    assert [item["key"] for item in dossier["supplement"]["items"]] == ["d3"]
    assert Caller().get(f"lookup/{stored(dossier).lookup_token}/").status == 200


def test_paper_left_out_of_the_list_is_missing_too(desk: Caller) -> None:
    dossier = desk.take_in(documents=[])

    assert [item["key"] for item in dossier["supplement"]["items"]] == ["d1", "d2", "d3"]


def test_papers_before_acceptance_make_it_accepted_by_receiving_them(desk: Caller) -> None:
    waiting = desk.take_in(documents=ALL_PAPERS[:2])

    dossier = desk.moved(waiting, "receive_supplement")

    assert dossier["status"] == "received"
    assert dossier["ref"] == waiting["ref"]
    assert dossier["code"]
    assert dossier["due_at"]


def test_states_and_counts_of_papers_are_kept(desk: Caller) -> None:
    papers = [
        {"key": "d1", "state": "original", "count": 2},
        {"key": "d2", "state": "copy"},
        {"key": "d3", "state": "original"},
    ]

    dossier = stored(desk.take_in(documents=papers))

    kept = [(paper.key, paper.state, paper.count) for paper in dossier.papers.all()]
    assert kept == [
        ("d1", "original", 2), ("d2", "copy", 1), ("d3", "original", 1), ("d4", "missing", 0),
    ]  # fmt: skip


def test_paper_that_is_in_a_database_need_not_be_handed_in(desk: Caller) -> None:
    papers = [{"key": "d1", "state": "database"}] + [
        {"key": key, "state": "database" if key == "d6" else "original"} for key in ("d6", "d7")
    ]

    assert desk.take_in(procedure=BIRTH, documents=papers)["status"] == "received"


def test_paper_that_is_in_no_database_is_refused_as_such(desk: Caller) -> None:
    papers = [{"key": "d1", "state": "database"}]

    assert list(errors_of(desk, documents=papers)) == ["documents"]


@pytest.mark.parametrize(
    ("documents", "field"),
    [
        ([{"key": "d99", "state": "original"}], "documents"),
        ([{"key": "d1", "state": "original"}] * 2, "documents"),
        ([{"key": "d1", "state": "lost"}], "documents[0].state"),
        ([{"key": "d1", "state": "copy", "count": -1}], "documents[0].count"),
        ([{"state": "copy"}], "documents[0].key"),
        ({"d1": "copy"}, "documents"),
    ],
)
def test_each_fault_of_the_papers_is_named(desk: Caller, documents: Any, field: str) -> None:
    assert list(errors_of(desk, documents=documents)) == [field]


def test_first_case_is_taken_when_none_is_named(desk: Caller) -> None:
    assert desk.take_in()["case"] == "tach-hop-thuong"
    assert desk.take_in(number=2, case="tach-hop-kho-khan")["case"] == "tach-hop-kho-khan"


def test_unknown_case_is_named(desk: Caller) -> None:
    assert list(errors_of(desk, case="khac")) == ["case"]


def test_competent_commune_is_the_applicants_unless_named(desk: Caller) -> None:
    by_default = stored(desk.take_in())
    elsewhere = stored(desk.take_in(number=2, commune="28249"))
    by_office = stored(desk.take_in(number=3, commune="phuong-dao-thanh-28249"))

    assert by_default.commune.code == "28261"
    assert elsewhere.commune.code == by_office.commune.code == "28249"
    assert elsewhere.citizen.commune.code == "28261"


@pytest.mark.parametrize("code", ["99999", "xã", "", "2826\u0000"])
def test_unknown_commune_is_named(desk: Caller, code: str) -> None:
    assert list(errors_of(desk, commune=code)) == ["commune"]
    person = applicant_body(commune=code)
    assert list(errors_of(desk, applicant=person)) == ["applicant.commune"]


def test_external_procedure_is_refused_with_the_name_of_its_system(desk: Caller) -> None:
    errors = errors_of(desk, procedure="2.001610")

    assert list(errors) == ["procedure"]
    assert "Hệ thống thông tin quốc gia về đăng ký kinh doanh" in errors["procedure"][0]


def test_unknown_procedure_is_named(desk: Caller) -> None:
    assert list(errors_of(desk, procedure="9.999999")) == ["procedure"]


def test_identity_number_of_eleven_digits_says_how_many_it_has(desk: Caller) -> None:
    errors = errors_of(desk, applicant=applicant_body(identity_number="08219900001"))

    assert list(errors) == ["applicant.identity_number"]
    assert "11" in errors["applicant.identity_number"][0]


def test_name_in_decomposed_letters_is_kept_composed(desk: Caller) -> None:
    decomposed = unicodedata.normalize("NFD", "Nguyễn Thị Ưởng")
    assert decomposed != "Nguyễn Thị Ưởng"

    dossier = stored(desk.take_in(applicant=applicant_body(full_name=decomposed)))

    assert dossier.citizen.full_name == "Nguyễn Thị Ưởng"


@pytest.mark.parametrize("phone", ["0951000100", "+84 951 000 100", ""])
def test_phone_without_zalo_or_no_phone_is_accepted(desk: Caller, phone: str) -> None:
    dossier = stored(desk.take_in(applicant=applicant_body(phone=phone)))

    assert dossier.citizen.phone == ("0951000100" if phone else "")


def test_phone_left_out_stays_and_an_empty_one_is_none(desk: Caller) -> None:
    first = applicant_body()
    known = stored(desk.take_in(applicant=first)).citizen
    left_out = {name: value for name, value in first.items() if name != "phone"}

    for person in (left_out, left_out | {"phone": None}):
        desk.take_in(applicant=person)
        assert Citizen.objects.get().phone == known.phone
    desk.take_in(applicant=left_out | {"phone": ""})

    assert Citizen.objects.get().phone == ""


def test_number_of_somebody_else_is_refused_at_the_name_and_changes_nobody(desk: Caller) -> None:
    known = stored(desk.take_in()).citizen
    stranger = applicant_body(full_name="Trần Văn Khác", phone="0951000999", commune="28249")

    reply = desk.post("dossiers/", intake_body(applicant=stranger))

    assert reply.status == 400
    assert list(reply.body["errors"]) == ["applicant.full_name"]
    citizen = Citizen.objects.get()
    assert (citizen.full_name, citizen.phone) == (known.full_name, known.phone)
    assert citizen.commune == known.commune
    assert Dossier.objects.count() == 1


@pytest.mark.parametrize("name", ["NGUYEN THI UONG", " nguyễn  thị ưởng ", "Nguyễn Thị Ương"])
def test_same_name_spelt_a_little_otherwise_brings_phone_and_commune_up_to_date(
    desk: Caller, name: str
) -> None:
    desk.take_in()

    desk.take_in(applicant=applicant_body(full_name=name, phone="0951000999", commune="28249"))

    citizen = Citizen.objects.get()
    assert (citizen.phone, citizen.commune.code) == ("0951000999", "28249")


def test_several_faults_are_told_together_each_by_its_name(desk: Caller) -> None:
    person = {"identity_number": "12", "full_name": " ", "phone": "113", "commune": "28261"}

    errors = errors_of(desk, applicant=person, result_channel="pigeon")

    assert set(errors) == {
        "applicant.identity_number", "applicant.full_name", "applicant.phone", "result_channel",
    }  # fmt: skip


def test_number_in_place_of_a_name_is_refused_at_its_field(desk: Caller) -> None:
    assert list(errors_of(desk, applicant=applicant_body(full_name="095 123 4561"))) == [
        "applicant.full_name"
    ]


def test_consents_are_recorded_for_each_purpose_that_was_asked(desk: Caller) -> None:
    person = applicant_body(consents={"dossier": True, "news": False})

    citizen = stored(desk.take_in(applicant=person)).citizen

    answers = dict(citizen.consents.values_list("purpose", "granted"))
    assert answers == {"dossier": True, "news": False}
    assert all(consent.recorded_by for consent in citizen.consents.all())


@pytest.mark.parametrize("channel", ["counter", "post", "electronic"])
def test_channel_of_the_result_is_kept(desk: Caller, channel: str) -> None:
    assert desk.take_in(result_channel=channel)["result_channel"] == channel


def test_any_centre_may_accept_what_another_place_decides(desk: Caller, province: None) -> None:
    dossier = stored(desk.take_in(commune="28249"))

    assert dossier.receiving_office == Office.objects.get(code=COUNTER)
    assert dossier.deciding_office.code == "so-nong-nghiep-va-moi-truong"


def test_intake_without_a_key_keeps_no_answer(desk: Caller) -> None:
    desk.take_in()

    assert not IdempotencyKey.objects.exists()
