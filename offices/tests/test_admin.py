"""Offices, officers and the calendar through the administration's own pages."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from common import clock
from offices.kinds import Role
from offices.models import ApiToken, CalendarDay, Office, Officer, RoleAssignment, WeeklyInterval
from offices.selectors.calendars import calendar_for
from offices.services.tokens import create_api_token
from offices.tests.cast import add_officer

DAY = "admin:offices_calendarday"
OFFICER = "admin:offices_officer"


@pytest.fixture
def admin_pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def inline(prefix: str, rows: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """The fields of an inline without rows that exist already."""
    rows = rows or []
    data = {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
    for number, row in enumerate(rows):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_day_off_is_seen_by_the_next_deadline(admin_pages: Client) -> None:
    day = date(2026, 12, 3)
    assert calendar_for(None).is_working_day(day)

    admin_pages.post(
        reverse(f"{DAY}_add"),
        {"date": day, "kind": "off", "name": "Nghỉ", "legal_reference": "Quyết định 12/2026"},
    )

    assert not calendar_for(None).is_working_day(day)
    assert CalendarDay.objects.get(date=day).legal_reference == "Quyết định 12/2026"


def test_day_off_needs_its_legal_reference(admin_pages: Client) -> None:
    response = admin_pages.post(
        reverse(f"{DAY}_add"), {"date": "2026-12-03", "kind": "off", "name": "Nghỉ"}
    )

    assert "legal_reference" in response.context["adminform"].form.errors
    assert not CalendarDay.objects.filter(date=date(2026, 12, 3)).exists()


def test_last_opening_hours_cannot_be_deleted(admin_pages: Client) -> None:
    rows = list(WeeklyInterval.objects.filter(office=None).values_list("pk", flat=True))

    response = admin_pages.post(
        reverse("admin:offices_weeklyinterval_changelist"),
        {"action": "delete_selected", "_selected_action": rows, "post": "yes"},
        follow=True,
    )

    assert WeeklyInterval.objects.filter(office=None).count() == len(rows)
    assert messages_of(response)


def test_day_that_leaves_no_working_day_is_refused_and_not_kept(admin_pages: Client) -> None:
    office = Office.objects.get(code="so-noi-vu")
    first = date(2026, 12, 1)
    CalendarDay.objects.bulk_create(
        CalendarDay(
            date=first + timedelta(days=n),
            office=office,
            kind="off",
            name="Nghỉ",
            legal_reference="Thử",
        )
        for n in range(366)
        if n != 30
    )
    WeeklyInterval.objects.filter(office=None, weekday__gt=0).delete()
    data = {"kind": "off", "name": "Nghỉ", "legal_reference": "Thử", "office": office.pk}
    last = first + timedelta(days=30)

    response = admin_pages.post(reverse(f"{DAY}_add"), data | {"date": last}, follow=True)

    assert "30/11/2026" in " ".join(response.context["adminform"].form.errors["date"])
    assert not CalendarDay.objects.filter(date=last).exists()


@pytest.mark.parametrize("year", ["0001", "1999", "2100", "9999"])
def test_day_of_a_year_typed_wrong_is_refused_and_not_kept(admin_pages: Client, year: str) -> None:
    response = admin_pages.post(
        reverse(f"{DAY}_add"),
        {"date": f"{year}-12-03", "kind": "off", "name": "Nghỉ", "legal_reference": "Quyết định"},
        follow=True,
    )

    [reason] = response.context["adminform"].form.errors["date"]
    assert f"2000 đến 2099, không có năm {int(year)}" in reason
    assert not CalendarDay.objects.filter(name="Nghỉ").exists()


@pytest.mark.parametrize(
    "query",
    [
        "offices_apitoken_changelist?digest__startswith=a",
        "citizens_citizen_changelist?full_name__startswith=N",
        "citizens_citizen_changelist?phone_hash=a",
    ],
)
def test_lists_are_narrowed_only_by_what_they_offer(admin_pages: Client, query: str) -> None:
    name, _mark, condition = query.partition("?")

    assert admin_pages.get(f"{reverse(f'admin:{name}')}?{condition}").status_code == 400


def test_role_given_on_the_officers_page_works_at_once(
    admin_pages: Client, front_desk: Officer
) -> None:
    office = Office.objects.get(code="van-phong-uy-ban-tinh")
    mine = front_desk.role_assignments.get()
    roles = inline("role_assignments", [{}, {"office": office.pk, "role": "administrator"}])
    roles |= {
        "role_assignments-INITIAL_FORMS": 1,
        "role_assignments-0-id": mine.pk,
        "role_assignments-0-officer": front_desk.pk,
        "role_assignments-0-office": mine.office_id,
        "role_assignments-0-role": mine.role,
    }

    response = admin_pages.post(
        reverse(f"{OFFICER}_change", args=[front_desk.pk]),
        {"username": front_desk.username, "full_name": "Lê Thị Tiếp Nhận", "is_active": "on"}
        | {"office": front_desk.office_id}
        | roles
        | inline("api_tokens"),
    )

    assert response.status_code == 302
    officer = Officer.objects.get(pk=front_desk.pk)
    assert officer.is_staff
    assert officer.has_perm("offices.view_officer")
    other = Client()
    other.force_login(officer)
    assert other.get(reverse("admin:index")).status_code == 200


def test_new_officer_gets_name_password_and_office(admin_pages: Client) -> None:
    office = Office.objects.get(code="so-noi-vu")

    response = admin_pages.post(
        reverse(f"{OFFICER}_add"),
        {
            "username": "nv.moi",
            "usable_password": "true",
            "password1": "Mot-cua-2026",
            "password2": "Mot-cua-2026",
            "full_name": "Trần Thị Mới",
            "office": office.pk,
        }
        | inline("role_assignments", [{"office": office.pk, "role": "processor"}])
        | inline("api_tokens"),
    )

    assert response.status_code == 302
    officer = Officer.objects.get(username="nv.moi")
    assert officer.check_password("Mot-cua-2026")
    assert (officer.office, officer.search_text) == (office, "tran thi moi")
    assert RoleAssignment.objects.get(officer=officer).role == Role.PROCESSOR
    assert not officer.is_staff


def test_officers_are_found_without_accents(admin_pages: Client) -> None:
    add_officer(Office.objects.get(code="so-noi-vu"), Role.PROCESSOR, name="Đặng Thị Ngọc Ưởng")

    found = admin_pages.get(reverse(f"{OFFICER}_changelist"), {"q": "dang UONG"})

    assert [row.full_name for row in found.context["cl"].result_list] == ["Đặng Thị Ngọc Ưởng"]


def test_api_token_is_shown_once(admin_pages: Client, front_desk: Officer) -> None:
    address = reverse("admin:offices_officer_api_token", args=[front_desk.pk])

    shown = admin_pages.post(address, {"label": "Máy in"})

    token = shown.context["token"]
    assert token in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert ApiToken.objects.get(officer=front_desk).label == "Máy in"
    page = admin_pages.get(reverse(f"{OFFICER}_change", args=[front_desk.pk]))
    assert "Máy in" in page.content.decode()
    assert token not in page.content.decode()


def test_tokens_are_revoked_from_their_list(admin_pages: Client, front_desk: Officer) -> None:
    admin_pages.post(
        reverse("admin:offices_officer_api_token", args=[front_desk.pk]), {"label": "Máy in"}
    )
    token = ApiToken.objects.get(officer=front_desk)

    admin_pages.post(
        reverse("admin:offices_apitoken_changelist"),
        {"action": "revoke", "_selected_action": [token.pk], "confirmed": "yes"},
    )

    token.refresh_from_db()
    assert token.revoked_at is not None


def test_a_token_is_given_to_nobody_else_and_a_revoked_one_stays_revoked(
    admin_pages: Client, front_desk: Officer, superuser: Officer
) -> None:
    create_api_token(officer=front_desk, label="Máy in")
    token = ApiToken.objects.get(officer=front_desk)
    token.revoked_at = clock.now()
    token.save(update_fields=["revoked_at"])
    url = reverse("admin:offices_apitoken_change", args=[token.pk])

    page = admin_pages.get(url).content.decode()
    admin_pages.post(
        url, {"officer": superuser.pk, "label": "x", "revoked_at_0": "", "revoked_at_1": ""}
    )

    assert not re.search(r'<(input|select)[^>]*name="(officer|label|revoked_at_0)"', page)
    kept = ApiToken.objects.get(pk=token.pk)
    assert (kept.officer, kept.label) == (front_desk, "Máy in")
    assert kept.revoked_at == token.revoked_at


@pytest.fixture
def superuser(province: None) -> Officer:
    return Officer.objects.create_superuser(username="goc", full_name="Siêu Quản Trị")


@pytest.mark.parametrize(
    "page", ["admin:auth_user_password_change", "admin:offices_officer_api_token"]
)
def test_administrator_cannot_take_over_a_superuser(
    admin_pages: Client, superuser: Officer, page: str
) -> None:
    response = admin_pages.post(
        reverse(page, args=[superuser.pk]),
        {"password1": "Mot-cua-2026", "password2": "Mot-cua-2026", "label": "x"},
    )

    assert response.status_code == 403
    assert not ApiToken.objects.exists()
    assert not Officer.objects.get(pk=superuser.pk).has_usable_password()


def test_administrator_cannot_make_anybody_a_superuser(
    admin_pages: Client, administrator: Officer
) -> None:
    mine = administrator.role_assignments.get()
    data = {
        "username": administrator.username,
        "full_name": administrator.full_name,
        "is_active": "on",
        "is_superuser": "on",
        "user_permissions": [1, 2, 3],
        "office": administrator.office_id,
        "role_assignments-TOTAL_FORMS": 1,
        "role_assignments-INITIAL_FORMS": 1,
        "role_assignments-0-id": mine.pk,
        "role_assignments-0-officer": administrator.pk,
        "role_assignments-0-office": mine.office_id,
        "role_assignments-0-role": mine.role,
    }

    admin_pages.post(
        reverse(f"{OFFICER}_change", args=[administrator.pk]), data | inline("api_tokens")
    )

    officer = Officer.objects.get(pk=administrator.pk)
    assert not officer.is_superuser
    assert not officer.user_permissions.exists()


def test_account_is_closed_not_deleted(admin_pages: Client, front_desk: Officer) -> None:
    response = admin_pages.post(reverse(f"{OFFICER}_delete", args=[front_desk.pk]), {"post": "yes"})

    assert response.status_code == 403
    assert Officer.objects.filter(pk=front_desk.pk).exists()


def test_half_day_needs_its_hours(province: None) -> None:
    day = CalendarDay(date=date(2026, 12, 31), kind="half", name="Nửa ngày", legal_reference="Thử")

    with pytest.raises(ValidationError, match="Ngày làm nửa buổi cần giờ"):
        day.full_clean()


def test_officers_are_found_by_their_role_or_by_having_none(admin_pages: Client) -> None:
    office = Office.objects.get(code="so-noi-vu")
    idle, clerk = add_officer(office, Role.PROCESSOR), add_officer(office, Role.CLERK)
    idle.role_assignments.all().delete()

    def found(role: str) -> set[str]:
        page = admin_pages.get(reverse(f"{OFFICER}_changelist"), {"role": role})
        return {row.username for row in page.context["cl"].result_list}

    assert (found("none"), found("clerk")) == ({idle.username}, {clerk.username})
    assert found("closed") == set()
    Office.objects.filter(pk=office.pk).update(valid_to="2026-06-30")
    assert found("closed") == {clerk.username}
