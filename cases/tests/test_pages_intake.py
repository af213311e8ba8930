"""The counter through the browser, without script: card, person, procedure, papers, one press."""

import re

import pytest
from django.test import Client

from cases.models import Dossier, ProcedureCase
from cases.services.intake import counter_documents
from cases.tests.cast import BUSINESS, SPLIT_PLOT, case_of
from cases.tests.intake_form import CARD, filled, required_key, values
from cases.tests.pages import signed_in, text_of
from cases.workflow import PaperState, Status
from citizens.models import Consent
from offices.models import Commune, Officer
from offices.tests.cast import officer_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(front_desk: Officer) -> Client:
    return signed_in(front_desk)


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
    assert held["procedure"] == SPLIT_PLOT
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

    second = desk.post("/tiep-nhan/", filled(case))

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
    case = case_of(BUSINESS)
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


@pytest.mark.parametrize(
    ("address", "commune"),
    [
        ("Tổ 3, Phường 5, Mỹ Tho, Tiền Giang", "Phường Đạo Thạnh"),
        ("Ấp 2, Xã Bình Thạnh, Cao Lãnh, Đồng Tháp", "Xã Mỹ Hiệp"),
        ("12 Ấp Bắc, Mỹ Tho, Tiền Giang", "Phường Mỹ Tho"),
        ("Phường 1, Huế", ""),
    ],
)
def test_older_card_names_a_former_commune_and_fills_in_the_one_of_today(
    province: None, desk: Client, address: str, commune: str
) -> None:
    card = CARD.replace("12 Ấp Bắc, Mỹ Tho, Tiền Giang", address)

    page = desk.post("/tiep-nhan/", {"do": "read", "find": card})

    assert values(page).get("commune", "") == commune


def test_former_commune_may_be_typed_and_means_the_one_of_today(
    case: ProcedureCase, desk: Client
) -> None:
    form = filled(case) | {"commune": "phuong 5, my tho"}

    answer = desk.post("/tiep-nhan/", form | {"do": "accept"})

    assert answer.status_code == 302
    assert str(Dossier.objects.get().citizen.commune) == "Phường Đạo Thạnh"
