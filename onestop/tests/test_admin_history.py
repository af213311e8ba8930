"""Each change in the administration stands in a history that people can read."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from cases.tests.cast import SPLIT_PLOT, current
from cases.tests.test_procedure_admin import edit, page_data
from offices.models import Office, Officer
from offices.tests.cast import MY_THO

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def last_words() -> str:
    return LogEntry.objects.latest("id").get_change_message()


def change_of(row: Any) -> str:
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def test_old_and_new_value_of_a_field_stand_in_the_history(pages: Client) -> None:
    office = Office.objects.get(code=MY_THO)

    edit(pages, change_of(office), {"phone": "0273 3999 888"})

    assert f"Điện thoại: {office.phone} → 0273 3999 888" in last_words()
    history = pages.get(change_of(office).replace("change", "history")).content.decode()
    assert "0273 3999 888" in history


def test_choices_rows_and_boxes_are_written_in_words(pages: Client, clerk: Officer) -> None:
    other = Office.objects.get(code="so-noi-vu")
    address = change_of(clerk)
    data = page_data(pages.get(address)) | {"office": other.pk}
    data.pop("is_active")

    pages.post(address, data)

    assert f"{clerk.office} → {other}" in last_words()
    assert "có → không" in last_words()


def test_role_given_and_taken_is_named(pages: Client, clerk: Officer) -> None:
    address = change_of(clerk)
    row = {"office": clerk.office_id, "role": "leader"}
    data = page_data(pages.get(address))
    data |= {f"role_assignments-1-{name}": value for name, value in row.items()}
    data |= {"role_assignments-TOTAL_FORMS": 2, "role_assignments-0-DELETE": "on"}

    pages.post(address, data)

    words = last_words()
    assert f"lãnh đạo, {clerk.office}" in words
    assert f"văn thư, {clerk.office}" in words


def test_new_password_is_in_no_history(pages: Client, clerk: Officer) -> None:
    typed = {"usable_password": "true", "password1": "Mot-cua-2026", "password2": "Mot-cua-2026"}

    pages.post(reverse("admin:auth_user_password_change", args=[clerk.pk]), typed)

    assert Officer.objects.get(pk=clerk.pk).check_password("Mot-cua-2026")
    assert "ật khẩu" in last_words()
    assert "2026" not in last_words()


def test_who_published_is_in_the_list_of_all_changes(pages: Client, administrator: Officer) -> None:
    version = current(SPLIT_PLOT)
    pages.post(reverse("admin:cases_procedureversion_draft", args=[version.pk]))
    draft = version.procedure.versions.get(state="draft")
    pages.post(reverse("admin:cases_procedureversion_publish", args=[draft.pk]))

    page = pages.get(reverse("admin:admin_logentry_changelist"), {"q": "dang thi quan tri"})

    assert page.status_code == 200
    text = page.content.decode()
    assert administrator.full_name in text
    assert "Đã công bố bản 2." in text


def test_list_of_all_changes_is_only_read(pages: Client) -> None:
    edit(pages, change_of(Office.objects.get(code=MY_THO)), {"phone": "0273 3999 888"})
    entry = LogEntry.objects.latest("id")
    address = reverse("admin:admin_logentry_change", args=[entry.pk])

    assert pages.get(address).status_code == 200
    assert pages.post(address, {"object_repr": "x"}).status_code == 403
    assert pages.get(reverse("admin:admin_logentry_add")).status_code == 403


@pytest.mark.parametrize(
    ("query", "is_there"), [("did=2", True), ("did=3", False), ("did=x", True)]
)
def test_list_of_all_changes_is_filtered(pages: Client, query: str, is_there: bool) -> None:
    edit(pages, change_of(Office.objects.get(code=MY_THO)), {"phone": "0273 3999 888"})

    page = pages.get(reverse("admin:admin_logentry_changelist") + f"?{query}", follow=True)

    assert ("0273 3999 888" in page.content.decode()) is is_there


def test_history_is_the_same_record_in_english(pages: Client) -> None:
    office = Office.objects.get(code=MY_THO)
    pages.cookies["django_language"] = "en"

    edit(pages, change_of(office), {"phone": "0273 3999 888"})

    assert "Điện thoại" in last_words()


def test_rights_of_a_group_are_written_in_words(client: Client, province: None) -> None:
    client.force_login(Officer.objects.create_superuser(username="goc", full_name="Siêu"))

    page = client.get(reverse("admin:auth_group_change", args=[Group.objects.create(name="x").pk]))

    text = page.content.decode()
    assert "Ngày trong lịch: xóa" in text
    assert "Can delete" not in text
