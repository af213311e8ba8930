"""The counter through the browser, without script: card, person, procedure, papers, one press."""

import re
import unicodedata
from typing import Any

import pytest
from django.test import Client

from cases.models import Dossier, Procedure, ProcedureCase
from cases.services.intake import counter_documents
from cases.tests.pages import signed_in, text_of
from cases.tests.walk import take_in_case
from cases.workflow import PaperState, Status
from citizens.models import Citizen, Consent, PersonalDataAccess, Purpose
from citizens.tests.cast import add_citizen
from offices.models import CalendarDay, Commune, Officer, WeeklyInterval
from offices.tests.cast import officer_of

pytestmark = pytest.mark.django_db

LAND = "1.115783"
CARD = (
    "082168000142|341234567|Phạm Thị Ngọc Hạnh|14031968|Nữ|12 Ấp Bắc, Mỹ Tho, Tiền Giang|01012022"
)


@pytest.fixture
def case(province: None) -> ProcedureCase:
    """Splitting or joining plots of land, its first case."""
    version = Procedure.objects.get(code=LAND).current
    assert version is not None
    return version.cases.order_by("position")[0]


@pytest.fixture
def desk(front_desk: Officer) -> Client:
    return signed_in(front_desk)


def filled(case: ProcedureCase, **more: Any) -> dict[str, Any]:
    """A complete form: a person of Mỹ Tho with all required papers as originals."""
    data: dict[str, Any] = {
        "do": "accept",
        "submission_key": "form-1",
        "identity_number": "082168000142",
        "full_name": "Phạm Thị Ngọc Hạnh",
        "phone": "0951 000 156",
        "commune": "phuong my tho",
        "procedure": LAND,
        "case": case.code,
        "result_channel": "counter",
    }
    for document in counter_documents(case):
        data[f"state_{document.key}"] = "original" if document.required else "missing"
        data[f"count_{document.key}"] = "1"
    return data | more


def required_key(case: ProcedureCase) -> str:
    return next(d.key for d in counter_documents(case) if d.required)


def values(page: Any) -> dict[str, str]:
    """What the form holds now, by field."""
    form = page.context["form"]
    return {bound.name: bound.value() for bound in form if bound.value()}


# ---- the whole way -------------------------------------------------------------------------------


def test_front_desk_takes_in_a_land_dossier_step_by_step_without_script(
    case: ProcedureCase, desk: Client
) -> None:
    page = desk.get("/tiep-nhan/")
    key = values(page)["submission_key"]

    page = desk.post("/tiep-nhan/", {"do": "read", "find": CARD, "submission_key": key})
    assert "Card read: Phạm Thị Ngọc Hạnh, 1968" in text_of(page)
    held = values(page)
    assert held["identity_number"] == "082168000142"
    assert held["commune"] == "Phường Mỹ Tho"

    page = desk.post("/tiep-nhan/", held | {"do": "procedure", "procedure_words": "tach thua hop"})
    held = values(page)
    assert held["procedure"] == LAND
    assert "Đơn đề nghị tách thửa, hợp thửa đất" in text_of(page)
    assert "Line 1 not checked" in text_of(page)
    assert page.context["preview"].office.code == "so-nong-nghiep-va-moi-truong"
    assert "Deadline of 7 working days" in text_of(page)

    states = {f"state_{d.key}": "original" for d in counter_documents(case) if d.required}
    answer = desk.post("/tiep-nhan/", held | states | {"do": "accept", "agree_dossier": "on"})

    dossier = Dossier.objects.get()
    assert answer.headers["Location"] == f"/tiep-nhan/{dossier.code}/"
    assert dossier.status == Status.RECEIVED
    assert dossier.citizen.full_name == "Phạm Thị Ngọc Hạnh"
    assert dossier.citizen.address.startswith("12 Ấp Bắc")
    assert list(Consent.objects.values_list("purpose", "granted")) == [("dossier", True)]


def test_page_after_acceptance_shows_codes_receipt_and_undo(
    case: ProcedureCase, desk: Client
) -> None:
    answer = desk.post("/tiep-nhan/", filled(case), follow=True)

    dossier = Dossier.objects.get()
    page = text_of(answer)
    assert f"Dossier code {dossier.code}" in page
    assert f"Look-up code {dossier.lookup_code}" in page
    assert re.search(r"Undo \( ?time left 4:5\d", page)
    assert f"/ho-so/{dossier.code}/giay-tiep-nhan.pdf" in answer.content.decode()
    assert f"/ho-so/{dossier.code}/cancel/xac-nhan/" in answer.content.decode()


def test_undo_cancels_with_a_reason(case: ProcedureCase, desk: Client) -> None:
    desk.post("/tiep-nhan/", filled(case))
    dossier = Dossier.objects.get()

    desk.post(
        f"/ho-so/{dossier.code}/cancel/xac-nhan/",
        {"version": dossier.version, "reason": "Nhập nhầm người"},
    )

    dossier.refresh_from_db()
    assert dossier.status == Status.CANCELLED
    after = desk.get(f"/tiep-nhan/{dossier.code}/")
    assert "Intake cancelled" in text_of(after)
    assert "cancel/xac-nhan" not in after.content.decode()
    assert "Print the receipt" not in text_of(after)


def test_duplicated_post_shows_the_first_dossier(case: ProcedureCase, desk: Client) -> None:
    first = desk.post("/tiep-nhan/", filled(case))

    second = desk.post("/tiep-nhan/", filled(case, duplicate_ok="on"))

    assert second.headers["Location"] == first.headers["Location"]
    assert Dossier.objects.count() == 1


def test_missing_paper_becomes_form_02_before_acceptance(case: ProcedureCase, desk: Client) -> None:
    lacking = {f"state_{required_key(case)}": "missing"}
    refused = desk.post("/tiep-nhan/", filled(case, **lacking))
    assert refused.status_code == 400
    assert "is required and missing" in text_of(refused)
    assert not Dossier.objects.exists()

    answer = desk.post("/tiep-nhan/", filled(case, do="supplement", **lacking), follow=True)

    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.code) == (Status.SUPPLEMENT_REQUESTED, None)
    page = text_of(answer)
    assert "Papers are asked for, not accepted yet" in page
    assert f"Look-up code {dossier.lookup_code}" in page
    assert "Print the receipt" not in page


def test_form_02_without_a_missing_paper_is_refused(case: ProcedureCase, desk: Client) -> None:
    page = desk.post("/tiep-nhan/", filled(case, do="supplement"))

    assert "No required paper is missing" in text_of(page)
    assert not Dossier.objects.exists()


def test_refusal_needs_a_reason_and_is_recorded_with_it(case: ProcedureCase, desk: Client) -> None:
    refused = desk.post("/tiep-nhan/", filled(case, do="refuse", refusal=" "))
    assert "Write the reason in words" in text_of(refused)
    assert not Dossier.objects.exists()

    desk.post("/tiep-nhan/", filled(case, do="refuse", refusal="Đất đang có tranh chấp"))

    dossier = Dossier.objects.get()
    assert (dossier.status, dossier.closing_reason) == (Status.REFUSED, "Đất đang có tranh chấp")


def test_result_by_post_needs_an_address(case: ProcedureCase, desk: Client) -> None:
    page = desk.post("/tiep-nhan/", filled(case, result_channel="post"))
    assert "Enter the address for the parcel." in text_of(page)

    desk.post("/tiep-nhan/", filled(case, result_channel="post", address="12 Ấp Bắc"))

    assert Dossier.objects.get().result_channel == "post"


def test_land_in_another_commune_is_decided_there(province: None, desk: Client) -> None:
    version = Procedure.objects.get(code="1.001612").current
    assert version is not None
    case = version.cases.all()[0]
    other = Commune.objects.exclude(code="28261").get(name="xã Phong Mỹ")

    desk.post("/tiep-nhan/", filled(case, procedure="1.001612", land_commune="phong my"))

    dossier = Dossier.objects.get()
    assert dossier.commune == other
    assert dossier.citizen.commune.code == "28261"
    assert dossier.deciding_office.commune == other


def test_papers_keep_their_state_and_count(case: ProcedureCase, desk: Client) -> None:
    key = required_key(case)

    desk.post("/tiep-nhan/", filled(case, **{f"state_{key}": "copy", f"count_{key}": "3"}))

    paper = Dossier.objects.get().papers.get(key=key)
    assert (paper.state, paper.count) == (PaperState.COPY, 3)


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
    person = {"identity_number": known.citizen.identity_number, "submission_key": "2"}

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
    page = desk.get("/tiep-nhan/", {"procedure": LAND, "case": case.code})

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
        ("full_name", "An 2", "A name has letters only"),
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


def test_unknown_case_counts_for_the_first_one(case: ProcedureCase, desk: Client) -> None:
    desk.post("/tiep-nhan/", filled(case) | {"case": "no-such-case"})

    assert Dossier.objects.get().case == case


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


# ---- who may -------------------------------------------------------------------------------------


def test_processor_is_told_that_the_counter_is_for_the_front_desk(processor: Officer) -> None:
    browser = signed_in(processor)

    for path in ("/tiep-nhan/", "/tiep-nhan/H20.102-261124-0001/"):
        page = browser.get(path)
        assert page.status_code == 403
        assert "Only the front desk of a receiving office takes dossiers in." in text_of(page)


def test_front_desk_of_another_centre_cannot_open_the_page_after_acceptance(
    case: ProcedureCase, desk: Client
) -> None:
    desk.post("/tiep-nhan/", filled(case))
    other = officer_of("trung-tam-tinh-cao-lanh", "front_desk")

    assert signed_in(other).get(f"/tiep-nhan/{Dossier.objects.get().code}/").status_code == 404


def test_buttons_are_off_only_where_script_follows_each_change(
    case: ProcedureCase, desk: Client
) -> None:
    plain = desk.post("/tiep-nhan/", {"do": "refresh"}).content.decode()
    live = desk.post("/tiep-nhan/", {"do": "refresh"}, headers={"hx-request": "true"})

    assert 'name="do" value="accept"' in plain
    assert 'id="b-accept" data-key="F9" aria-keyshortcuts="F9" aria-disabled="true"' in (
        live.content.decode()
    )


def test_counter_is_in_the_navigation_of_the_front_desk_alone(
    desk: Client, processor: Officer
) -> None:
    assert 'href="/tiep-nhan/"' in desk.get("/lam-viec/").content.decode()
    assert 'href="/tiep-nhan/"' not in signed_in(processor).get("/lam-viec/").content.decode()
