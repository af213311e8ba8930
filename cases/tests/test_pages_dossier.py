"""The page of a dossier: what an officer reads there, and what stays masked."""

import pytest

from cases import workflow
from cases.models import Dossier
from cases.services import actions
from cases.services.inputs import MissingPaper
from cases.tests.cast import BUSINESS, case_of
from cases.tests.pages import signed_in, text_of
from cases.tests.walk import OfficerOf, take_in_case, walk_to_completion_point
from cases.workflow import Action
from citizens.models import PersonalDataAccess
from offices.models import Commune, Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(province: None, commune: Commune, front_desk: Officer) -> Dossier:
    """Founding a household business, just accepted."""
    return take_in_case(case_of(BUSINESS), commune=commune, officer=front_desk)


def test_page_names_code_procedure_steps_papers_and_history(
    dossier: Dossier, front_desk: Officer
) -> None:
    page = text_of(signed_in(front_desk).get(f"/ho-so/{dossier.code}/"))

    assert str(dossier.code) in page
    assert dossier.procedure_version.short_name in page
    for step in dossier.steps.all():
        assert step.name in page
    for paper in dossier.papers.all():
        assert paper.name in page
    assert "Dossier accepted" in page
    assert "Deadline of" in page, "the due date is explained"


def test_person_is_masked_until_asked_for_and_each_look_is_written_down(
    dossier: Dossier, front_desk: Officer
) -> None:
    browser = signed_in(front_desk)
    masked = text_of(browser.get(f"/ho-so/{dossier.code}/"))
    assert "082199000001" not in masked
    assert "0951000011" not in masked
    assert not PersonalDataAccess.objects.exists()

    full = browser.post(f"/ho-so/{dossier.code}/xem-day-du/")

    assert "082199000001" in text_of(full)
    assert "no-store" in full.headers["Cache-Control"]
    look = PersonalDataAccess.objects.get()
    assert (look.officer, look.citizen, look.dossier_ref) == (
        front_desk,
        dossier.citizen,
        dossier.ref,
    )


def test_person_in_full_needs_a_post(dossier: Dossier, front_desk: Officer) -> None:
    answer = signed_in(front_desk).get(f"/ho-so/{dossier.code}/xem-day-du/")

    assert answer.headers["Location"] == f"/ho-so/{dossier.code}/"
    assert not PersonalDataAccess.objects.exists()


def test_officer_of_another_office_gets_404(dossier: Dossier, officer_of: OfficerOf) -> None:
    browser = signed_in(officer_of("so-y-te", "leader"))

    for path in ("", "giay-tiep-nhan.pdf", "take/xac-nhan/"):
        assert browser.get(f"/ho-so/{dossier.code}/{path}").status_code == 404
    assert browser.post(f"/ho-so/{dossier.code}/xem-day-du/").status_code == 404


def test_not_there_and_not_yours_look_the_same(dossier: Dossier, officer_of: OfficerOf) -> None:
    browser = signed_in(officer_of("so-y-te", "leader"))

    not_yours = browser.get(f"/ho-so/{dossier.code}/")
    not_there = browser.get("/ho-so/H20.999-999999-9999/")

    assert text_of(not_yours).replace(str(dossier.code), "") == text_of(not_there).replace(
        "H20.999-999999-9999", ""
    )


def test_deleting_a_row_of_the_table_removes_its_button(
    dossier: Dossier, front_desk: Officer, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/ho-so/{dossier.code}/hand_over/xac-nhan/"
    browser = signed_in(front_desk)
    assert address in browser.get(f"/ho-so/{dossier.code}/").content.decode()

    rest = tuple(row for row in workflow.TRANSITIONS if row.action != Action.HAND_OVER)
    monkeypatch.setattr(workflow, "TRANSITIONS", rest)

    assert address not in browser.get(f"/ho-so/{dossier.code}/").content.decode()
    assert browser.get(address).status_code == 404


def test_move_that_is_not_possible_yet_is_shown_off_with_its_reason(
    dossier: Dossier, front_desk: Officer
) -> None:
    page = signed_in(front_desk).get(f"/ho-so/{dossier.code}/")

    buttons = {button.action: button for button in page.context["buttons"]}
    assert buttons["take"].reasons == ("You have this step already.",)
    assert buttons["hand_over"].css == "btn", "the first free one that leads on is primary"
    assert "“Mark ready” is not possible now: The steps before are not finished." in text_of(page)


def test_office_that_waits_for_its_step_reads_only_and_learns_where_it_is(
    dossier: Dossier, leader: Officer
) -> None:
    page = text_of(signed_in(leader).get(f"/ho-so/{dossier.code}/"))

    assert "At the moment others work on it: " in page
    assert "You can read it and change nothing." in page
    assert "What can be done" not in page


def test_paused_dossier_shows_what_is_missing_why_and_what_is_left(
    dossier: Dossier, front_desk: Officer, processor: Officer
) -> None:
    dossier = actions.hand_over(dossier=dossier, officer=front_desk, version=dossier.version)
    paper = dossier.papers.filter(required=True)[0]
    actions.request_supplement(
        dossier=dossier,
        officer=processor,
        version=dossier.version,
        items=[MissingPaper(paper.short_name, original=False, copies=2, key=paper.key)],
        reason="Bản nộp mờ, không đọc được",
    )

    page = text_of(signed_in(processor).get(f"/ho-so/{dossier.code}/"))

    assert f"{paper.short_name} (2 certified copies)" in page
    assert "Bản nộp mờ, không đọc được" in page
    assert "Left when it runs again" in page
    assert "If all papers come now" in page


def test_receipt_is_the_pdf_of_form_01_and_opening_it_is_written_down(
    dossier: Dossier, front_desk: Officer
) -> None:
    answer = signed_in(front_desk).get(f"/ho-so/{dossier.code}/giay-tiep-nhan.pdf")

    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert PersonalDataAccess.objects.get().reason == "receipt"


def test_finished_dossier_says_how_it_ended_and_offers_nothing(
    dossier: Dossier, officer_of: OfficerOf, front_desk: Officer
) -> None:
    last = walk_to_completion_point(dossier, officer_of)
    dossier.refresh_from_db()
    dossier = actions.complete(
        dossier=dossier, officer=last, version=dossier.version, outcome="denied"
    )
    actions.return_result(
        dossier=dossier,
        officer=front_desk,
        version=dossier.version,
        collected_by="Lê Văn Nhận Thay",
    )

    page = text_of(signed_in(front_desk).get(f"/ho-so/{dossier.code}/"))

    assert "This dossier is closed." in page
    assert "Denied" in page
    assert "Collected by Lê Văn Nhận Thay" in page
    assert "What can be done" not in page
