"""What the counter types and scans: people, procedures, consents, and everything wrong."""

import unicodedata

import pytest
from django.test import Client

from cases.models import Dossier, ProcedureCase
from cases.services.intake import counter_documents
from cases.tests.cast import SPLIT_PLOT
from cases.tests.intake_form import filled, required_key, values
from cases.tests.pages import signed_in, text_of
from cases.tests.walk import take_in_case
from citizens.models import Citizen, Consent, PersonalDataAccess, Purpose
from citizens.tests.cast import add_citizen
from offices.models import CalendarDay, Commune, Officer, WeeklyInterval

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(front_desk: Officer) -> Client:
    return signed_in(front_desk)


# ---- finding people and procedures ---------------------------------------------------------------


def test_known_person_is_found_by_number_and_the_look_is_written_down(
    citizen: Citizen, desk: Client
) -> None:
    page = desk.post("/tiep-nhan/", {"do": "read", "find": citizen.identity_number})

    held = values(page)
    assert (held["full_name"], held["phone"]) == (citizen.full_name, citizen.phone)
    assert PersonalDataAccess.objects.get().reason == "intake"


def test_people_of_one_name_are_offered_masked_and_one_is_chosen(
    citizen: Citizen, desk: Client
) -> None:
    second = add_citizen(2)
    page = desk.post("/tiep-nhan/", {"do": "read", "find": "uong"})
    assert "2 people found." in text_of(page)
    assert citizen.identity_number not in text_of(page)
    assert not PersonalDataAccess.objects.exists()

    page = desk.post("/tiep-nhan/", {"do": f"citizen:{second.ref}", "find": "uong"})

    assert values(page)["identity_number"] == second.identity_number


def test_consent_is_never_ticked_beforehand_and_an_empty_box_revokes_nothing(
    case: ProcedureCase, citizen: Citizen, desk: Client
) -> None:
    page = desk.post("/tiep-nhan/", {"do": "read", "find": citizen.identity_number})
    assert not [box for box in page.context["form"].consents() if box.value()]
    assert "Has agreed to messages about dossiers; tick to withdraw" in text_of(page)
    person = {"identity_number": citizen.identity_number, "full_name": citizen.full_name}

    desk.post("/tiep-nhan/", filled(case, **person))
    assert Consent.objects.filter(citizen=citizen).count() == 1

    desk.post(
        "/tiep-nhan/",
        filled(case, **person, submission_key="2", withdraw_dossier="on", duplicate_ok="on"),
    )
    newest = Consent.objects.filter(citizen=citizen, purpose=Purpose.DOSSIER).first()
    assert newest is not None
    assert newest.granted is False


def test_open_dossier_of_the_same_procedure_is_a_warning_that_a_tick_passes(
    case: ProcedureCase, commune: Commune, front_desk: Officer, desk: Client
) -> None:
    known = take_in_case(case, commune=commune, officer=front_desk)
    person = {
        "identity_number": known.citizen.identity_number,
        "full_name": known.citizen.full_name,
        "submission_key": "2",
    }

    page = desk.post("/tiep-nhan/", filled(case, **person))
    assert page.status_code == 400
    assert "This person has 1 open dossier:" in text_of(page)
    assert str(known.code) in text_of(page)
    desk.post("/tiep-nhan/", filled(case, **person, duplicate_ok="on"))

    assert Dossier.objects.count() == 2


def test_several_procedures_are_offered_and_one_is_chosen(desk: Client, province: None) -> None:
    page = desk.post("/tiep-nhan/", {"do": "procedure", "procedure_words": "dang ky khai"})
    assert len(page.context["found_procedures"]) > 1

    page = desk.post("/tiep-nhan/", {"do": "choose:1.001193", "procedure_words": "dang ky khai"})

    assert values(page)["procedure"] == "1.001193"
    assert "Tờ khai đăng ký khai sinh" in text_of(page)


def test_address_of_the_page_may_choose_procedure_and_case(
    case: ProcedureCase, desk: Client
) -> None:
    page = desk.get("/tiep-nhan/", {"procedure": SPLIT_PLOT, "case": case.code})

    assert len(page.context["lines"]) == len(counter_documents(case))


def test_words_that_fit_no_procedure_are_said(desk: Client, province: None) -> None:
    page = desk.post("/tiep-nhan/", {"do": "procedure", "procedure_words": "bay len trang"})

    assert "No procedure has these words." in text_of(page)


# ---- bad input -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("identity_number", "08216800014", "An ID number has 12 digits; this has 11."),
        ("identity_number", "", "Enter the identity number."),
        ("full_name", "", "Enter the full name."),
        ("full_name", "0951234561", "Write the name in words, at most 80 characters."),
        ("phone", "12345", "A phone number has 10 digits and starts with 0."),
        ("commune", "", "Enter the commune where the person lives."),
        ("commune", "Atlantis", "No commune has this name."),
        ("commune", "phuong", "Several communes fit:"),
        ("land_commune", "Atlantis", "No commune has this name."),
        ("procedure", "", "Choose the procedure."),
        ("procedure", "9.999999", "There is no procedure with this code."),
        ("procedure", "1.004222", "This procedure is handled in another system:"),
        ("result_channel", "pigeon", "Select a valid choice."),
        ("submission_key", "", "This field is required."),
        ("full_name", "A\0B", "Null characters are not allowed."),
    ],
)
def test_each_bad_value_is_named_at_its_field_and_nothing_is_lost(
    field: str, typed: str, said: str, case: ProcedureCase, desk: Client
) -> None:
    page = desk.post("/tiep-nhan/", filled(case, **{field: typed, "address": "Ấp Giữ Lại"}))

    assert page.status_code == 400
    assert said in text_of(page)
    assert 'class="errors" role="alert"' in page.content.decode()
    assert "Ấp Giữ Lại" in page.content.decode()
    assert not Dossier.objects.exists()


@pytest.mark.parametrize("typed", ["no-such-case", ""])
def test_unknown_case_shows_the_first_one_but_is_never_accepted_as_it(
    typed: str, case: ProcedureCase, desk: Client
) -> None:
    wrong = filled(case) | {"case": typed}
    shown = desk.post("/tiep-nhan/", wrong | {"do": "refresh"})
    assert values(shown)["case"] == case.code

    page = desk.post("/tiep-nhan/", wrong)

    assert page.status_code == 400
    assert page.context["form"].errors["case"]
    assert not Dossier.objects.exists()


def test_several_faults_are_told_at_once(case: ProcedureCase, desk: Client) -> None:
    page = desk.post(
        "/tiep-nhan/",
        filled(case, identity_number="1", phone="2", **{f"state_{required_key(case)}": ""}),
    )

    words = text_of(page)
    assert "this has 1." in words
    assert "starts with 0." in words
    assert "Line 1 not checked" in words


def test_text_in_decomposed_letters_is_kept_composed(case: ProcedureCase, desk: Client) -> None:
    desk.post("/tiep-nhan/", filled(case, full_name=unicodedata.normalize("NFD", "Đỗ Thị Ưởng")))

    assert Citizen.objects.get().full_name == "Đỗ Thị Ưởng"


@pytest.mark.parametrize(
    ("scanned", "said"),
    [
        ("082168000142|1|Ph\ufffdm|14031968|Nữ|Ấp 2", "A Vietnamese typing tool has garbled"),
        ("abc|def", "This is not the QR of a citizen card."),
        ("08216800014||Phạm An|14031968|Nữ|Ấp 2|", "this has 11."),
    ],
)
def test_card_that_cannot_be_read_is_explained_and_fills_nothing(
    scanned: str, said: str, desk: Client, province: None
) -> None:
    page = desk.post("/tiep-nhan/", {"do": "read", "find": scanned})

    assert said in text_of(page)
    assert "full_name" not in values(page)
    assert values(page)["find"] == scanned, "what was read stays to look at"


def test_paper_that_is_in_no_database_cannot_be_taken_from_one(
    case: ProcedureCase, desk: Client
) -> None:
    key = next(d.key for d in counter_documents(case) if not d.from_database)

    page = desk.post("/tiep-nhan/", filled(case, **{f"state_{key}": "database"}))

    assert page.status_code == 400
    assert not Dossier.objects.exists()


def test_phone_is_optional(case: ProcedureCase, desk: Client) -> None:
    desk.post("/tiep-nhan/", filled(case, phone=""))

    assert Citizen.objects.get().phone == ""


def test_calendar_without_a_working_day_is_explained_and_nothing_is_written(
    case: ProcedureCase, desk: Client
) -> None:
    WeeklyInterval.objects.all().delete()
    CalendarDay.objects.all().delete()

    page = desk.post("/tiep-nhan/", filled(case, do="refresh"))
    assert "The calendar has no working day" in text_of(page)
    page = desk.post("/tiep-nhan/", filled(case))

    assert page.status_code == 400
    assert "The calendar has no working day" in text_of(page)
    assert not Dossier.objects.exists()
    assert not Citizen.objects.exists()
