"""An administrator: the start page, lists and forms, a slip, a version before it is published."""

import pytest
from playwright.sync_api import expect

from onestop.tests.journeys.conftest import READERS
from onestop.tests.journeys.people import ADMINISTRATOR, People, Reader

pytestmark = [pytest.mark.journey, pytest.mark.processes, pytest.mark.timeout(600)]

PAGES = (
    "",
    "offices/officer/",
    "offices/officer/?q=nguyen",
    "offices/office/",
    "offices/calendarday/",
    "offices/calendarday/add/",
    "offices/weeklyinterval/",
    "offices/commune/",
    "cases/portalsettings/",
    "cases/procedure/",
    "cases/procedureversion/",
    "cases/dossier/",
    "citizens/citizen/",
    "notifications/delivery/",
    "notifications/zalotemplate/",
    "notifications/chatanswer/",
)


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_an_administrator_goes_through_lists_and_forms(people: People, reader: Reader) -> None:
    admin = people.officer(ADMINISTRATOR)
    for page in PAGES:
        admin.goto(f"/admin/{page}")
        people.passes(admin, f"admin/{page}")
    for page in ("offices/officer/", "offices/office/", "cases/procedureversion/"):
        admin.goto(f"/admin/{page}")
        admin.locator("#result_list tbody th a").first.click()
        admin.wait_for_url("**/change/**")
        people.passes(admin, f"admin/{page} one")


@pytest.mark.parametrize("reader", READERS, ids=str)
def test_a_slip_in_a_form_is_said_beside_its_field(people: People, reader: Reader) -> None:
    admin = people.officer(ADMINISTRATOR)
    admin.goto("/admin/offices/calendarday/add/")
    admin.fill("[name=date]", "31/02/2027")
    admin.click("[name=_save]")

    expect(admin.locator(".field-date .errorlist")).to_be_visible()
    people.passes(admin, "admin form with a fault")


@pytest.mark.parametrize("reader", READERS[:1], ids=str)
def test_a_version_is_looked_at_before_it_is_published(people: People, reader: Reader) -> None:
    admin = people.officer(ADMINISTRATOR)
    admin.goto("/admin/cases/procedureversion/?q=1.115783")
    admin.locator("#result_list tbody th a").first.click()
    admin.wait_for_url("**/change/**")
    version = admin.url.partition("change/")[0]
    admin.goto(version + "draft/")
    people.passes(admin, "make a draft")
    admin.locator(".submit-row input[type=submit]").click()
    admin.wait_for_url("**/change/**")
    draft = admin.url.partition("change/")[0]

    admin.goto(draft + "publish/")

    expect(admin.locator(".sample-page").first).to_be_visible()
    expect(admin.locator(".phone-card")).to_contain_text("Đã nhận hồ sơ của Ông/Bà")
    people.passes(admin, "publish")
    admin.goto(draft + "delete/")
    people.passes(admin, "throw the draft away")
    admin.locator("form input[type=submit]").click()
