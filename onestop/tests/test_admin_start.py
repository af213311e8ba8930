"""The start page of the administration says what needs attention, to whom may mend it."""

import pytest
from django.conf import settings as given
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string
from pytest_django import Settings

from common.attention import Concern, Gravity
from offices.models import CalendarDay, Officer

YEARS = ["offices.attention.calendar_years"]


@pytest.fixture
def pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def nothing() -> list[Concern]:
    return []


def two() -> list[Concern]:
    return [
        Concern(Gravity.NOTE, "Chuyện nhỏ.", page="admin:offices_officer_changelist",
                right="offices.view_officer"),
        Concern(Gravity.NOW, "Chuyện lớn.", page="admin:auth_group_changelist",
                right="auth.view_group"),
    ]  # fmt: skip


def test_every_function_of_the_setting_answers_with_addresses_that_exist(province: None) -> None:
    for name in given.ADMIN_ATTENTION:
        for concern in import_string(name)():
            assert concern.text
            assert not concern.page or reverse(concern.page)
            assert not concern.right or Permission.objects.filter(
                content_type__app_label=concern.right.split(".")[0],
                codename=concern.right.split(".")[1],
            )


def test_the_gravest_comes_first_and_a_link_only_for_whom_it_opens(
    pages: Client, settings: Settings
) -> None:
    settings.ADMIN_ATTENTION = [f"{__name__}.two"]

    page = pages.get("/admin/")

    grave, small = page.context["notices"]
    assert (grave.concern.text, grave.url) == ("Chuyện lớn.", "")
    assert small.url == reverse("admin:offices_officer_changelist")


def test_missing_calendar_is_said_with_the_way_to_mend_it(
    pages: Client, settings: Settings
) -> None:
    settings.ADMIN_ATTENTION = YEARS
    CalendarDay.objects.all().delete()

    page = pages.get("/admin/")

    [notice, *_more] = page.context["notices"]
    assert notice.concern.text in page.content.decode()
    assert pages.get(notice.url).status_code == 200


def test_start_page_says_when_nothing_needs_attention(pages: Client, settings: Settings) -> None:
    settings.ADMIN_ATTENTION = [f"{__name__}.nothing"]

    assert "Không có việc nào cần chú ý" in pages.get("/admin/").content.decode()


def test_what_needs_attention_is_said_once(pages: Client, settings: Settings) -> None:
    settings.ADMIN_ATTENTION = [f"{__name__}.two"]

    assert pages.get("/admin/").content.decode().count("<span>Chuyện lớn.</span>") == 1


def test_every_link_of_the_start_page_opens(pages: Client) -> None:
    for notice in pages.get("/admin/").context["notices"]:
        if notice.url:
            assert pages.get(notice.url).status_code == 200, notice.url
