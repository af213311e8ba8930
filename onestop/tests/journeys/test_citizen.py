"""A citizen with and without scripts: looks up, mistypes, reads larger, changes the language."""

import pytest
from playwright.sync_api import Page, expect

from onestop.tests.journeys.conftest import READERS
from onestop.tests.journeys.people import COUNTER, PHONE, People, Reader

pytestmark = [pytest.mark.journey, pytest.mark.processes, pytest.mark.timeout(600)]

with_and_without_scripts = pytest.mark.parametrize(
    "scripts", [True, False], ids=["scripts", "no scripts"]
)


@with_and_without_scripts
@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_citizen_finds_the_dossier_after_a_slip(
    people: People, reader: Reader, *, scripts: bool
) -> None:
    dossier = people.take_in()
    page = people.page(scripts=scripts)
    page.goto("/")
    people.passes(page, "look-up")
    _look_up(page, dossier["code"], "0000")
    expect(page.locator(".errors")).to_be_visible()
    people.passes(page, "look-up with a wrong secret")

    _look_up(page, dossier["code"].lower(), PHONE[-4:])

    officer = people.dossier(dossier["code"], told_to=COUNTER)["officer"]["name"]
    expect(page.locator("main")).to_contain_text(officer)
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()
    people.passes(page, "my dossier")
    for fold in page.locator("main details > summary").all():
        fold.click()
    people.passes(page, "my dossier unfolded")


@with_and_without_scripts
@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_citizen_reads_larger_and_in_the_other_language(
    people: People, reader: Reader, *, scripts: bool
) -> None:
    dossier = people.take_in()
    page = people.page(scripts=scripts)
    page.goto("/tra-cuu/")
    _look_up(page, dossier["code"], PHONE[-4:])
    address = page.url

    page.goto(f"/co-chu/xl/?next={address.removeprefix(people.info['web'])}")
    assert page.url == address
    people.passes(page, "larger letters")
    other = "en" if reader.language == "vi" else "vi"
    page.goto(f"/ngon-ngu/{other}/?next={address.removeprefix(people.info['web'])}")
    assert page.get_attribute("html", "lang") == other


@with_and_without_scripts
@pytest.mark.parametrize("reader", READERS, ids=str)
def test_an_old_qr_says_what_to_do(people: People, reader: Reader, *, scripts: bool) -> None:
    page = people.page(scripts=scripts)
    answer = page.goto("/t/" + "A" * 22)

    assert answer is not None
    assert answer.status == 404
    people.passes(page, "QR that is not there")
    page.goto("/khong-co-trang-nay/")
    people.passes(page, "address that is not there")


def _look_up(page: Page, code: str, secret: str) -> None:
    page.fill("[name=code]", code)
    page.fill("[name=secret]", secret)
    page.locator("main form button[type=submit]").click()
