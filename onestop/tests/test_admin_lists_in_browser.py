"""Every list and form of the administration in a browser: no complaint, and nothing is cut off."""

import pytest
from django.conf import settings
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from cases.services.catalogue import create_draft
from cases.tests.cast import SPLIT_PLOT, current
from cases.tests.test_procedure_admin import edit
from offices.models import Office, Officer
from offices.tests.cast import MY_THO
from onestop.tests.browsing import broken_rules, complaints_of, sideways_px

pytestmark = [
    pytest.mark.journey,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(600),
]

PHONE, DESK = (360, 740), (1366, 768)
_CUT_OFF = """
  [...document.querySelectorAll("#changelist .results")]
    .reduce((sum, box) => sum + box.scrollWidth - box.clientWidth, 0)
"""


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, client: Client, administrator: Officer) -> Page:
    client.force_login(administrator)
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    return context.new_page()


def addresses(pages: Client) -> list[str]:
    """The start page, every list, every form to add or change, and the pages of our own."""
    version = current(SPLIT_PLOT)
    draft = create_draft(version)
    found = ["/admin/", reverse("admin:offices_calendarday_holidays", args=[2028])]
    found += [
        reverse(f"admin:cases_procedureversion_{name}", args=[draft.pk])
        for name in ("change", "publish")
    ]
    found.append(reverse("admin:cases_procedurecase_change", args=[draft.cases.all()[0].pk]))
    for model in admin.site._registry:
        if model._meta.label_lower == "auth.group":
            continue
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found.append(reverse(f"{name}_changelist"))
        if (row := model._default_manager.first()) is not None:
            found.append(reverse(f"{name}_change", args=[row.pk]))
            found.append(reverse(f"{name}_history", args=[row.pk]))
    found.append(reverse("admin:offices_office_history", args=[edited_office(pages).pk]))
    forms = ("offices_officer", "offices_office", "offices_calendarday", "offices_weeklyinterval")
    return found + [reverse(f"admin:{name}_add") for name in forms]


def edited_office(pages: Client) -> Office:
    """Changed twice: a history with lines."""
    office = Office.objects.get(code=MY_THO)
    address = reverse("admin:offices_office_change", args=[office.pk])
    for phone in ("0273 3999 888", "0273 3999 889"):
        edit(pages, address, {"phone": phone})
    return office


def test_no_page_of_the_administration_complains_or_is_wider_than_the_window(
    page: Page, client: Client
) -> None:
    complaints = complaints_of(page)
    wrong: list[str] = []
    for address in addresses(client):
        for width, height in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": height})
            answer = page.goto(address)
            if answer is None or not answer.ok:
                wrong.append(f"{address} does not open")
            if wider := sideways_px(page):
                wrong.append(f"{address} is {wider} px wider than {width}")
            if (width, height) == DESK and (cut := page.evaluate(_CUT_OFF)):
                wrong.append(f"{address} hides {cut} px of its columns")
        wrong += [f"{address}: {rule}" for rule in broken_rules(page)]
    page.context.close()
    assert wrong + complaints == []
