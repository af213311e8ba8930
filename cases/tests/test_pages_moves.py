"""Moves through the browser: what is asked, what is refused and why, and two at the same time."""

from datetime import date, timedelta

import pytest
from django.test import Client

from cases import workflow
from cases.forms.moves import FORMS
from cases.models import Dossier, SupplementRequest
from cases.services import actions
from cases.tests.cast import BUSINESS, case_of
from cases.tests.pages import signed_in, text_of
from cases.tests.walk import OfficerOf, fresh, take_in_case, walk_to_completion_point
from cases.workflow import ResultChannel, Status
from common import clock
from offices.models import Commune, Officer
from offices.tests.cast import add_officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def dossier(province: None, commune: Commune, front_desk: Officer) -> Dossier:
    """Founding a household business, at its second step: the economy division."""
    accepted = take_in_case(case_of(BUSINESS), commune=commune, officer=front_desk)
    return actions.hand_over(dossier=accepted, officer=front_desk, version=accepted.version)


@pytest.fixture
def colleague(processor: Officer) -> Officer:
    """A second officer with the same role in the same office."""
    assert processor.office is not None
    return add_officer(processor.office, "processor", name="Ngô Văn Thứ Hai")


def address(dossier: Dossier, action: str) -> str:
    return f"/ho-so/{dossier.handle}/{action}/xac-nhan/"


def papers(dossier: Dossier, **more: object) -> dict[str, object]:
    """A post of form 02 that asks for the first paper of the checklist."""
    day = clock.today() + timedelta(days=10)
    data: dict[str, object] = {"version": dossier.version, "due": day.isoformat()}
    keys = [paper.key for paper in dossier.papers.all()]
    for key in [*keys, "+1", "+2", "+3"]:
        data |= {f"as_{key}": "original", f"copies_{key}": "1"}
    return data | {f"need_{keys[0]}": "on", "reason": "Bản nộp mờ"} | more


def test_every_action_of_the_table_has_a_form_for_exactly_its_fields(dossier: Dossier) -> None:
    dossier.result_channel = ResultChannel.POST
    for row in workflow.TRANSITIONS:
        form = FORMS[row.action](dossier=dossier)
        for wanted in row.fields:
            assert form.field_for(wanted.name), f"{row.action} does not ask for {wanted.name}"


def test_page_says_what_the_move_means_for_the_citizen(
    dossier: Dossier, processor: Officer
) -> None:
    browser = signed_in(processor)

    page = text_of(browser.get(address(dossier, "request_supplement")))

    assert "The citizen is told which papers are missing, why and until when." in page
    assert "The legal clock stands still until the papers are in." in page
    assert "Request 1 of 1" in page


def test_hand_over_names_the_next_step_and_goes_on_to_the_dossier(
    dossier: Dossier, processor: Officer
) -> None:
    browser = signed_in(processor)
    following = dossier.steps.filter(state="waiting").order_by("position")[0]
    assert following.name in text_of(browser.get(address(dossier, "hand_over")))

    answer = browser.post(
        address(dossier, "hand_over"), {"version": dossier.version, "note": "Đã thẩm định"},
        follow=True,
    )  # fmt: skip

    assert answer.redirect_chain == [(f"/ho-so/{dossier.code}/", 302)]
    assert "Done: Hand over." in text_of(answer)
    assert "Đã thẩm định" in text_of(answer)
    assert dossier.steps.get(state="open").pk == following.pk


def test_supplement_is_requested_with_paper_reason_and_date(
    dossier: Dossier, processor: Officer
) -> None:
    day = date(2099, 1, 1)
    too_far = signed_in(processor).post(
        address(dossier, "request_supplement"), papers(dossier, due=day.isoformat())
    )
    assert too_far.status_code == 400

    signed_in(processor).post(
        address(dossier, "request_supplement"),
        papers(
            dossier,
            phrases=["Giấy tờ đã hết hạn sử dụng"],
            **{"need_+1": "Sơ đồ vị trí", "as_+1": "copy", "copies_+1": "2"},
            **{"need_+2": "Căn cước", "as_+2": "photo", "copies_+2": "3"},
        ),
    )

    request = SupplementRequest.objects.get(dossier=dossier)
    first = dossier.papers.all()[0]
    items = request.items.all()
    assert [(i.key, i.name, i.original, i.copies, i.photocopies) for i in items] == [
        (first.key, first.short_name, True, 0, 0),
        ("", "Sơ đồ vị trí", False, 2, 0),
        ("", "Căn cước", False, 0, 3),
    ]
    assert request.reason == "Giấy tờ đã hết hạn sử dụng. Bản nộp mờ"
    assert fresh(dossier).status == Status.SUPPLEMENT_REQUESTED


def test_preview_shows_the_citizens_text_and_changes_nothing(
    dossier: Dossier, processor: Officer
) -> None:
    page = signed_in(processor).post(
        address(dossier, "request_supplement"), papers(dossier, do="preview")
    )

    first = dossier.papers.all()[0]
    assert f"Cần nộp thêm: {first.short_name}." in text_of(page)
    assert "Lý do: Bản nộp mờ." in text_of(page)
    assert fresh(dossier).version == dossier.version


def test_supplement_without_paper_or_reason_is_refused_at_the_field_with_all_kept(
    dossier: Dossier, processor: Officer
) -> None:
    first = dossier.papers.all()[0]
    post = papers(dossier, reason="")
    page = signed_in(processor).post(address(dossier, "request_supplement"), post)
    assert page.status_code == 400
    assert "Write the reason in words" in text_of(page)
    assert "Error:" in page.content.decode().split("</title>")[0]
    assert page.context["form"][f"need_{first.key}"].value() is True

    del post[f"need_{first.key}"]
    page = signed_in(processor).post(
        address(dossier, "request_supplement"), post | {"reason": "Chữ của tôi"}
    )

    assert "Name at least one paper." in text_of(page)
    assert "Chữ của tôi" in page.content.decode()
    assert not SupplementRequest.objects.exists()


def test_second_of_two_officers_learns_who_was_faster_and_keeps_the_text(
    dossier: Dossier, processor: Officer, colleague: Officer
) -> None:
    stale = papers(dossier, reason="Đã viết rất lâu")
    signed_in(colleague).post(address(dossier, "take"), {"version": dossier.version})
    browser = signed_in(processor)

    page = browser.post(address(dossier, "request_supplement"), stale)

    assert page.status_code == 409
    assert "Ngô Văn Thứ Hai did “Taken for processing” at" in text_of(page)
    assert "Đã viết rất lâu" in page.content.decode()
    assert "Ngô Văn Thứ Hai has this step; take it first." in text_of(page)
    assert f'name="version" value="{fresh(dossier).version}"' in page.content.decode()
    assert not SupplementRequest.objects.exists()


def test_stale_form_goes_through_at_the_second_try_when_the_move_still_stands(
    dossier: Dossier, processor: Officer, colleague: Officer
) -> None:
    signed_in(colleague).post(address(dossier, "take"), {"version": dossier.version})
    again = actions.take(dossier=dossier, officer=processor, version=dossier.version + 1)
    browser = signed_in(processor)

    page = browser.post(address(dossier, "hand_over"), {"version": dossier.version, "note": "Xong"})
    assert page.status_code == 409
    answer = browser.post(address(dossier, "hand_over"), {"version": again.version, "note": "Xong"})

    assert answer.status_code == 302


def test_double_click_is_told_that_it_was_done_already(
    dossier: Dossier, processor: Officer
) -> None:
    browser = signed_in(processor)
    post = {"version": dossier.version, "note": ""}
    browser.post(address(dossier, "hand_over"), post)

    answer = browser.post(address(dossier, "hand_over"), post, follow=True)

    assert "Nothing was repeated." in text_of(answer)
    assert dossier.events.filter(event="handed_over").count() == 2


@pytest.mark.parametrize(
    ("action", "first", "second"),
    [
        ("hand_over", {"note": "Đã thẩm định"}, {"note": "Thêm một câu rất dài"}),
        ("request_supplement", {"reason": "Bản nộp mờ"}, {"reason": "Thêm một câu rất dài"}),
    ],
)
def test_second_window_of_one_officer_with_another_text_is_stale_and_keeps_it(
    dossier: Dossier,
    processor: Officer,
    action: str,
    first: dict[str, object],
    second: dict[str, object],
) -> None:
    browser, post = signed_in(processor), papers(dossier)
    browser.post(address(dossier, action), post | first)

    page = browser.post(address(dossier, action), post | second)

    assert page.status_code == 409
    assert "your text is kept" in text_of(page)
    assert "Thêm một câu rất dài" in page.content.decode()
    assert "Nothing was repeated." not in text_of(page)


def test_old_window_is_no_double_click_when_more_happened_since(
    dossier: Dossier, processor: Officer
) -> None:
    old = {"version": dossier.version - 1, "note": ""}
    browser = signed_in(processor)
    browser.post(address(dossier, "hand_over"), {"version": dossier.version, "note": ""})

    assert browser.post(address(dossier, "hand_over"), old).status_code == 409


def test_paper_keyed_like_a_free_line_is_asked_for_by_its_own_name(
    dossier: Dossier, processor: Officer
) -> None:
    first = dossier.papers.all()[0]
    dossier.papers.filter(pk=first.pk).update(key="x1")

    page = signed_in(processor).get(address(dossier, "request_supplement"))
    names = [line.name for line in page.context["form"].lines()]
    signed_in(processor).post(address(dossier, "request_supplement"), papers(dossier))

    assert names[0] == first.name
    assert len(page.context["form"].lines()) == dossier.papers.count() + 3
    request = SupplementRequest.objects.get(dossier=dossier)
    assert [(i.key, i.name) for i in request.items.all()] == [("x1", first.short_name)]


@pytest.mark.parametrize("version", ["", "abc", "-1", "99999999999", "１"])
def test_broken_version_is_treated_as_stale_and_changes_nothing(
    version: str, dossier: Dossier, processor: Officer
) -> None:
    page = signed_in(processor).post(address(dossier, "hand_over"), {"version": version})

    assert page.status_code == 409
    assert fresh(dossier).version == dossier.version


def test_move_of_another_status_is_refused_with_the_reason(
    dossier: Dossier, front_desk: Officer
) -> None:
    browser = signed_in(front_desk)

    page = browser.get(address(dossier, "return_result"))

    assert page.status_code == 409
    assert "This can be done while the dossier is “Result ready”." in text_of(page)


def test_role_of_another_step_is_refused_with_403(dossier: Dossier, front_desk: Officer) -> None:
    browser = signed_in(front_desk)

    assert browser.get(address(dossier, "hand_over")).status_code == 403
    assert browser.post(address(dossier, "hand_over"), {"version": 3}).status_code == 403


def test_unknown_action_is_not_found(dossier: Dossier, processor: Officer) -> None:
    assert signed_in(processor).get(address(dossier, "fly")).status_code == 404


def test_result_is_completed_early_and_handed_over_at_the_counter(
    dossier: Dossier, officer_of: OfficerOf, front_desk: Officer
) -> None:
    last = walk_to_completion_point(dossier, officer_of)
    dossier = fresh(dossier)
    browser = signed_in(last)
    page = browser.get(address(dossier, "complete"))
    assert "early: the message says so." in text_of(page)

    refused = browser.post(address(dossier, "complete"), {"version": dossier.version})
    assert "Choose the outcome." in text_of(refused)
    browser.post(address(dossier, "complete"), {"version": dossier.version, "outcome": "granted"})
    dossier = fresh(dossier)
    assert (dossier.status, dossier.timeliness) == (Status.READY, "early")

    desk: Client = signed_in(front_desk)
    form = desk.get(address(dossier, "return_result")).context["form"]
    assert form["collected_by"].value() == dossier.citizen.full_name
    desk.post(
        address(dossier, "return_result"),
        {"version": dossier.version, "collected_by": "Trần Thị Nhận Thay"},
    )
    assert fresh(dossier).collected_by == "Trần Thị Nhận Thay"


def test_withdrawal_needs_a_reason_and_is_a_dangerous_button(
    dossier: Dossier, front_desk: Officer
) -> None:
    browser = signed_in(front_desk)
    page = browser.get(address(dossier, "withdraw"))
    assert "btn btn-danger" in page.content.decode()

    refused = browser.post(
        address(dossier, "withdraw"), {"version": dossier.version, "reason": "..."}
    )
    assert refused.status_code == 400
    browser.post(
        address(dossier, "withdraw"),
        {"version": dossier.version, "reason": "Người dân xin rút hồ sơ"},
    )

    assert fresh(dossier).status == Status.WITHDRAWN
