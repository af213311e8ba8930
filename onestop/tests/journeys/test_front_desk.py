"""The front desk: a person with a card comes in, and goes with a receipt."""

import re

import pytest
from playwright.sync_api import Page, expect

from onestop.tests.journeys.conftest import READERS
from onestop.tests.journeys.people import COUNTER, People, Reader

pytestmark = [pytest.mark.journey, pytest.mark.processes, pytest.mark.timeout(600)]

CARD = "082199054321|341234567|Trần Thị Mẫn|14031979|Nữ|12 Ấp Bắc, Phường Mỹ Tho|01012022"


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_person_with_a_card_gets_a_receipt(people: People, reader: Reader) -> None:
    desk = people.officer(COUNTER)
    people.passes(desk, "queue")
    desk.goto("/tiep-nhan/")
    people.passes(desk, "empty intake")
    _read_card(desk)
    _choose_procedure(desk)
    _tick_papers(desk)
    people.passes(desk, "intake before acceptance")

    desk.locator("#b-accept").click()

    expect(desk.locator("h1")).to_have_text(reader.words("The dossier is accepted"))
    people.passes(desk, "accepted")
    _print(desk)
    desk.get_by_role("link", name=reader.words("Open the dossier", verb=True)).click()
    expect(desk.locator(".case-head")).to_contain_text("Trần Thị Mẫn")
    people.passes(desk, "dossier")
    desk.locator("form[action$='/xem-day-du/'] button").click()
    expect(desk.locator("main")).to_contain_text("082199054321")
    people.passes(desk, "person in full")


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_form_with_faults_says_without_scripts_what_to_mend(
    people: People, reader: Reader
) -> None:
    desk = people.officer(COUNTER, scripts=False)
    desk.goto("/tiep-nhan/")
    people.passes(desk, "intake without scripts")
    desk.fill("[name=identity_number]", "123")
    desk.fill("[name=phone]", "12")
    desk.locator("[name=do][value=accept]").click()

    summary = desk.locator(".errors")
    expect(summary).to_contain_text(reader.words("A phone number has 10 digits and starts with 0."))
    people.passes(desk, "intake with faults")


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_papers_that_are_missing_are_asked_for_and_received(people: People, reader: Reader) -> None:
    dossier = people.take_in()
    desk = people.officer(COUNTER)
    desk.goto(f"/ho-so/{dossier['code']}/request_supplement/xac-nhan/")
    people.passes(desk, "request for papers")
    desk.locator("main table input[type=checkbox]").first.check()
    desk.fill("[name=reason]", "Bản chụp bị mờ")
    desk.locator("[name=do][value=preview]").click()
    expect(desk.locator("#preview")).to_be_visible()
    people.passes(desk, "request with its preview")

    desk.locator("[name=do][value=make]").click()

    expect(desk.locator(".panel-open")).to_contain_text("Bản chụp bị mờ")
    people.passes(desk, "dossier that waits for papers")
    desk.goto(f"/ho-so/{dossier['code']}/receive_supplement/xac-nhan/")
    people.passes(desk, "papers received")
    desk.locator("[name=do][value=make]").click()
    expect(desk.locator(".panel-open")).to_have_count(0)


def _read_card(desk: Page) -> None:
    desk.fill("[name=find]", CARD)
    desk.keyboard.press("Enter")
    expect(desk.locator("[name=identity_number]")).to_have_value("082199054321")
    expect(desk.locator("[name=commune]")).to_have_value("Phường Mỹ Tho")
    desk.fill("[name=phone]", "0951543211")


def _choose_procedure(desk: Page) -> None:
    desk.fill("[name=procedure_words]", "tach thua")
    desk.keyboard.press("Tab")
    expect(desk.locator("#part-procedure b")).to_have_text("Tách thửa hoặc hợp thửa đất")
    desk.wait_for_selector("[data-checklist]")


def _tick_papers(desk: Page) -> None:
    for original in desk.locator("[data-checklist] input[value=original]").all():
        original.check(force=True)
    accept = desk.locator("#b-accept:not([aria-disabled])")
    # Readers before this one left this person a dossier of the same procedure.
    duplicate = desk.locator("[name=duplicate_ok]")
    expect(accept.or_(duplicate).first).to_be_visible()
    if duplicate.count():
        duplicate.check()
    expect(accept).to_be_visible()


def _print(desk: Page) -> None:
    """The receipt opens as a PDF."""
    address = desk.locator("main a[href$='.pdf']").first.get_attribute("href") or ""
    answer = desk.context.request.get(address)
    assert answer.status == 200
    assert re.match(rb"%PDF-", answer.body())
