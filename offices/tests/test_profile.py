"""The officer's own page."""

import pytest
from django.test import Client
from pytest_django import Settings

from offices.models import Officer

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(processor: Officer, settings: Settings) -> Client:
    settings.PROFILE_PANELS = []
    client = Client(headers={"accept-language": "en"})
    client.force_login(processor)
    return client


def test_officer_sees_name_account_office_and_roles(browser: Client, processor: Officer) -> None:
    page = browser.get("/tai-khoan/").content.decode()

    assert processor.full_name in page
    assert processor.username in page
    assert processor.office is not None
    assert processor.office.name in page
    assert "Processor" in page


def test_officer_without_a_role_is_told_whom_to_ask(browser: Client, processor: Officer) -> None:
    processor.role_assignments.all().delete()

    assert "You have no role yet. Ask your administrator" in (
        browser.get("/tai-khoan/").content.decode()
    )


def test_language_is_changed_and_the_page_kept(browser: Client) -> None:
    page = browser.get("/tai-khoan/").content.decode()

    assert 'href="/ngon-ngu/vi/?next=/tai-khoan/"' in page


def test_stranger_signs_in_first(db: None) -> None:
    answer = Client().get("/tai-khoan/")

    assert answer.headers["Location"] == "/dang-nhap/?next=/tai-khoan/"
