"""The page of the local Zalo in a real browser: two widths, strict policy, axe, its switches."""

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from notifications.tests import local_zalo
from notifications.tests.local_zalo import Sandbox
from onestop.tests.browsing import broken_rules, complaints_of, sideways_px

pytestmark = [pytest.mark.journey, pytest.mark.processes]
WHO = "0950000143"
FOLDED = "details:not([open]) > summary"


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with local_zalo.running() as zalo:
        yield zalo


@pytest.fixture
def zalo(running: Sandbox) -> Sandbox:
    """A sandbox that knows nobody yet and in which everything is normal."""
    running.post("/_sandbox/reset")
    return running


@pytest.fixture(params=[360, 1366])
def page(request: pytest.FixtureRequest, browser: Browser, zalo: Sandbox) -> Iterator[Page]:
    """Somebody's phone, at each of the two widths, every group unfolded."""
    size: ViewportSize = {"width": request.param, "height": 768}
    context = browser.new_context(viewport=size, locale="vi-VN")
    page = context.new_page()
    page.goto(f"{zalo.url}/?who={WHO}")
    unfold(page)
    yield page
    context.close()


def unfold(page: Page) -> None:
    while page.locator(FOLDED).count():
        page.locator(FOLDED).first.click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def ask(zalo: Sandbox, path: str) -> Any:
    with urllib.request.urlopen(zalo.url + path) as answer:
        return json.load(answer)


def modes(zalo: Sandbox) -> dict[str, str]:
    return {row["kind"]: row["value"] for row in ask(zalo, "/_sandbox/modes")["modes"]}


def test_page_breaks_no_rule_of_access_no_policy_and_fits(page: Page, zalo: Sandbox) -> None:
    complaints = complaints_of(page)
    page.reload()
    unfold(page)
    assert sideways_px(page) == 0
    assert broken_rules(page) == []
    assert complaints == []


def test_modes_are_switched_and_said(page: Page, zalo: Sandbox) -> None:
    page.select_option("#mode-night", "clock")
    page.check("[name=order]")
    press(page, "Đặt cách trả lời")

    page.wait_for_selector("#live-modes >> text=chặn từ 22:00 đến 06:00")
    found = modes(zalo)
    assert (found["night"], found["order"]) == ("clock", "reversed")

    unfold(page)
    page.uncheck("[name=order]")
    press(page, "Đặt cách trả lời")

    page.wait_for_load_state()
    assert modes(zalo)["order"] == "normal"


def test_faults_are_ordered_and_taken_back(page: Page, zalo: Sandbox) -> None:
    page.select_option("#fault-fault", "http:502")
    page.fill("#fault-times", "3")
    press(page, "Áp dụng")
    page.wait_for_selector("#live-faults >> text=còn 3 lần")
    (fault,) = ask(zalo, "/_sandbox/faults")
    assert (fault["kind"], fault["code"], fault["phone"]) == ("http", 502, "84950000143")

    press(page, "Bỏ hết lỗi")

    page.wait_for_selector("text=Không có lỗi nào đang chờ.")
    assert ask(zalo, "/_sandbox/faults") == []


def test_what_others_switch_shows_without_losing_what_was_typed(page: Page, zalo: Sandbox) -> None:
    page.fill("#fault-other", "-5")

    zalo.order(kind="template", template="ready", value="REJECT")

    page.wait_for_selector("#live-modes >> text=Mẫu ready")
    assert page.input_value("#fault-other") == "-5"


def test_person_and_template_are_changed_by_their_lists(page: Page, zalo: Sandbox) -> None:
    page.select_option("#standing", "refuses_account")
    press(page, "Đổi")
    page.wait_for_load_state()
    page.select_option("#template-name", "ready")
    page.select_option("#template-value", "DISABLE")
    press(page, "Đổi trạng thái mẫu")

    page.wait_for_selector("#live-modes >> text=Mẫu ready")
    (person,) = ask(zalo, "/_sandbox/people")
    assert person["standing"] == "refuses_account"
    assert page.input_value("#standing") == "refuses_account"
