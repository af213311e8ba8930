"""The administration in a real browser: its scripts run, and nothing breaks the strict policy."""

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from cases.models import ProcedureVersion
from cases.services.catalogue import create_draft
from cases.tests.cast import SPLIT_PLOT, current
from offices.models import Officer
from onestop.tests.browsing import broken_rules, complaints_of

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def draft(administrator: Officer) -> ProcedureVersion:
    return create_draft(current(SPLIT_PLOT))


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, client: Client, administrator: Officer) -> Page:
    """A page signed in as administrator, whose complaints are kept in `page.complaints`."""
    client.force_login(administrator)
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def test_scripts_of_the_administration_run_under_the_strict_policy(
    page: Page, draft: ProcedureVersion, administrator: Officer
) -> None:
    complaints = complaints_of(page)

    page.goto(reverse("admin:cases_procedureversion_change", args=[draft.pk]))
    page.click("#steps-group .add-row a")
    assert page.locator("#steps-group .dynamic-steps").count() == draft.steps.count() + 1

    page.goto(reverse("admin:offices_calendarday_add"))
    page.click("[id^=calendarlink]")
    page.click(".calendarbox:visible .calendar td a >> nth=9")
    assert page.input_value("#id_date")

    page.goto(reverse("admin:offices_officer_change", args=[administrator.pk]))
    page.click("#role_assignments-group .add-row a")
    page.wait_for_selector("#role_assignments-1 [data-named]")
    assert broken_rules(page) == []
    page.click("#role_assignments-group .dynamic-role_assignments >> nth=1 >> .select2-selection")
    page.keyboard.type("my tho")
    page.wait_for_selector(".select2-results__option >> text=Một cửa phường Mỹ Tho")

    for name in ("cases_procedure", "cases_dossier", "offices_office", "citizens_citizen"):
        page.goto(reverse(f"admin:{name}_changelist"))
        assert broken_rules(page) == [], name
    page.context.close()
    assert complaints == []
