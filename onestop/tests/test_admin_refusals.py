"""What an administrator may not do to offices, hours, days and accounts: said beside the field."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from cases.models import Dossier, Procedure, ProcedureVersion
from cases.services.catalogue import create_draft
from cases.tests.cast import SPLIT_PLOT, current
from cases.tests.test_procedure_admin import page_data
from common import clock
from offices.models import CalendarDay, Office, Officer, RoleAssignment, WeeklyInterval
from offices.services.tokens import create_api_token
from offices.tests.cast import MY_THO, add_officer

pytestmark = pytest.mark.usefixtures("province")

OFFICER = "admin:offices_officer"


@pytest.fixture
def pages(client: Client, administrator: Officer, province: None) -> Client:
    client.force_login(administrator)
    return client


def change_of(row: Any) -> str:
    return reverse(f"admin:offices_{row._meta.model_name}_change", args=[row.pk])


def edit(pages: Client, address: str, changes: dict[str, Any]) -> Any:
    return pages.post(address, page_data(pages.get(address)) | changes)


def errors_of(response: Any) -> dict[str, list[str]]:
    assert response.status_code == 200
    return dict(response.context["adminform"].form.errors)


def messages_of(response: Any) -> str:
    return " ".join(str(message) for message in response.context["messages"])


# ---- offices -------------------------------------------------------------------------------------


def test_office_with_open_dossiers_is_not_closed_and_what_was_typed_stays(
    pages: Client, dossier: Dossier
) -> None:
    for office in (dossier.receiving_office, dossier.deciding_office):
        changes = {"valid_to": "31/12/2026", "phone": "0273 3999 888"}
        answer = edit(pages, change_of(office), changes)

        assert "1 hồ sơ" in " ".join(errors_of(answer)["valid_to"])
        assert "0273 3999 888" in answer.content.decode()
        office.refresh_from_db()
        assert office.valid_to is None


def test_office_that_a_procedure_in_force_names_is_not_closed(pages: Client) -> None:
    office = Office.objects.get(code="so-noi-vu")
    version = create_draft(current(SPLIT_PLOT))
    version.steps.filter(position=2).update(office=office.code)
    ProcedureVersion.objects.filter(pk=version.pk).update(
        state="published", published_at=clock.now()
    )
    Procedure.objects.filter(pk=version.procedure_id).update(current=version)

    answer = edit(pages, change_of(office), {"valid_to": "31/12/2026"})

    assert version.short_name in " ".join(errors_of(answer)["valid_to"])


def test_office_with_open_parts_is_not_closed(pages: Client) -> None:
    answer = edit(pages, change_of(Office.objects.get(code=MY_THO)), {"valid_to": "31/12/2026"})

    assert "Mỹ Tho" in " ".join(errors_of(answer)["valid_to"])


def test_office_that_nobody_needs_is_closed(pages: Client) -> None:
    office = Office.objects.create(
        code="tam", kind="department", name="Sở tạm", short_name="Sở tạm", valid_from="2025-07-01",
        address="–", phone="–",
    )  # fmt: skip

    edit(pages, change_of(office), {"valid_to": "31/12/2026"})

    office.refresh_from_db()
    assert office.valid_to == date(2026, 12, 31)


def test_office_does_not_close_before_it_began(pages: Client) -> None:
    answer = edit(pages, change_of(Office.objects.get(code=MY_THO)), {"valid_to": "01/01/2020"})

    assert "valid_to" in errors_of(answer)


def test_office_belongs_neither_to_itself_nor_to_its_own_part(pages: Client) -> None:
    office = Office.objects.get(code=MY_THO)
    part = office.children.all()[0]

    for parent in (office, part):
        answer = edit(pages, change_of(office), {"parent": parent.pk})

        assert "parent" in errors_of(answer)
    office.refresh_from_db()
    assert office.parent not in (office, part)


# ---- hours and days ------------------------------------------------------------------------------


def test_hours_that_overlap_are_refused(pages: Client) -> None:
    typed = {"weekday": 0, "opens": "11:00", "closes": "12:00"}

    answer = pages.post(reverse("admin:offices_weeklyinterval_add"), typed)

    assert "07:00-11:30" in " ".join(errors_of(answer)["opens"])


def test_hours_of_an_office_that_overlap_are_refused_beside_the_row(pages: Client) -> None:
    office = Office.objects.get(code="so-noi-vu")
    data = page_data(pages.get(change_of(office)))
    data["weekly_intervals-TOTAL_FORMS"] = 2
    for n, (opens, closes) in enumerate([("07:00", "11:00"), ("10:00", "12:00")]):
        row = {"weekday": 1, "opens": opens, "closes": closes}
        data |= {f"weekly_intervals-{n}-{name}": value for name, value in row.items()}

    answer = pages.post(change_of(office), data)

    [rows] = answer.context["inline_admin_formsets"]
    assert "07:00-11:00" in str(rows.formset.errors)
    assert not office.weekly_intervals.exists()


def test_all_hours_are_not_deleted(pages: Client) -> None:
    WeeklyInterval.objects.filter(weekday__gt=0).delete()
    last = WeeklyInterval.objects.filter(office=None)
    chosen = {"action": "delete_selected", "_selected_action": [row.pk for row in last]}

    answer = pages.post(
        reverse("admin:offices_weeklyinterval_changelist"), chosen | {"post": "yes"}, follow=True
    )

    assert "không còn ngày làm việc" in messages_of(answer)
    assert last.exists()


def test_hours_without_a_working_day_are_said_beside_the_field(pages: Client) -> None:
    WeeklyInterval.objects.filter(weekday__gt=0).delete()
    WeeklyInterval.objects.filter(weekday=0, opens__gt="12:00").delete()
    monday = WeeklyInterval.objects.get(office=None)

    data = page_data(pages.get(change_of(monday))) | {"counter_only": "on"}
    answer = pages.post(change_of(monday), data)

    assert "weekday" in errors_of(answer)
    monday.refresh_from_db()
    assert not monday.counter_only


@pytest.fixture
def past_day(dossier: Dossier) -> CalendarDay:
    """A day off of last week by which the dossier's time was counted."""
    week_ago = clock.now() - timedelta(days=7)
    Dossier.objects.update(received_at=week_ago - timedelta(days=2))
    return CalendarDay.objects.create(
        date=clock.local(week_ago).date(), kind="off", name="Nghỉ", legal_reference="Thử"
    )


def test_day_by_which_dossiers_were_counted_is_neither_deleted_nor_changed(
    pages: Client, past_day: CalendarDay
) -> None:
    address = reverse("admin:offices_calendarday_delete", args=[past_day.pk])
    asked = pages.get(address).content.decode()
    pages.post(address, {"post": "yes"})
    chosen = {"action": "delete_selected", "_selected_action": [past_day.pk], "post": "yes"}
    pages.post(reverse("admin:offices_calendarday_changelist"), chosen)
    answer = edit(pages, change_of(past_day), {"kind": "work"})

    assert "Ngày này đã qua" in asked
    assert "date" in errors_of(answer)
    past_day.refresh_from_db()
    assert past_day.kind == "off"


def test_words_of_a_past_day_are_corrected(pages: Client, past_day: CalendarDay) -> None:
    edit(pages, change_of(past_day), {"legal_reference": "Quyết định 12/QĐ-UBND"})

    past_day.refresh_from_db()
    assert past_day.legal_reference == "Quyết định 12/QĐ-UBND"


def test_day_ahead_is_deleted(pages: Client, dossier: Dossier) -> None:
    day = CalendarDay.objects.create(
        date=clock.today() + timedelta(days=3), kind="off", name="Nghỉ", legal_reference="Thử"
    )

    pages.post(reverse("admin:offices_calendarday_delete", args=[day.pk]), {"post": "yes"})

    assert not CalendarDay.objects.filter(pk=day.pk).exists()


# ---- accounts and roles --------------------------------------------------------------------------


def untick(pages: Client, officer: Officer) -> Any:
    data = page_data(pages.get(change_of(officer)))
    data.pop("is_active", None)
    return pages.post(change_of(officer), data)


def test_nobody_closes_the_own_account(pages: Client, administrator: Officer) -> None:
    add_officer(Office.objects.get(code="so-noi-vu"), "administrator")

    answer = untick(pages, administrator)

    assert "is_active" in errors_of(answer)
    assert Officer.objects.get(pk=administrator.pk).is_active


def test_nobody_takes_the_own_role_of_administrator(pages: Client, administrator: Officer) -> None:
    add_officer(Office.objects.get(code="so-noi-vu"), "administrator")
    data = page_data(pages.get(change_of(administrator))) | {"role_assignments-0-DELETE": "on"}

    answer = pages.post(change_of(administrator), data)

    assert answer.status_code == 200
    assert "của chính mình" in answer.content.decode()
    assert administrator.role_assignments.filter(role="administrator").exists()


def test_another_administrator_is_closed(pages: Client) -> None:
    other = add_officer(Office.objects.get(code="so-noi-vu"), "administrator")

    assert untick(pages, other).status_code == 302

    assert not Officer.objects.get(pk=other.pk).is_active


def test_last_administrator_is_not_closed_by_a_superuser(
    client: Client, administrator: Officer
) -> None:
    client.force_login(Officer.objects.create_superuser(username="goc", full_name="Siêu"))

    answer = untick(client, administrator)
    data = page_data(client.get(change_of(administrator))) | {"role_assignments-0-DELETE": "on"}
    again = client.post(change_of(administrator), data)

    assert "is_active" in errors_of(answer)
    assert "Phải còn ít nhất một" in again.content.decode()
    assert Officer.objects.get(pk=administrator.pk).is_active
    assert administrator.role_assignments.exists()


def test_role_that_the_officer_has_already_is_refused(pages: Client, clerk: Officer) -> None:
    row = {"office": clerk.office_id, "role": "clerk"}
    data = page_data(pages.get(change_of(clerk)))
    data |= {f"role_assignments-1-{name}": value for name, value in row.items()}
    data["role_assignments-TOTAL_FORMS"] = 2

    answer = pages.post(change_of(clerk), data)

    assert answer.status_code == 200
    assert RoleAssignment.objects.filter(officer=clerk).count() == 1


def test_role_in_a_closed_office_is_refused_beside_the_office(
    pages: Client, clerk: Officer
) -> None:
    closed = Office.objects.get(code="so-noi-vu")
    Office.objects.filter(pk=closed.pk).update(valid_to="2026-06-30")
    data = page_data(pages.get(change_of(clerk))) | {"role_assignments-0-office": closed.pk}

    answer = pages.post(change_of(clerk), data)

    rows = answer.context["inline_admin_formsets"][0].formset
    assert "30/06/2026" in str(rows.errors)


def test_role_in_an_office_that_closes_tomorrow_is_given(pages: Client, clerk: Officer) -> None:
    closing = Office.objects.get(code="so-noi-vu")
    Office.objects.filter(pk=closing.pk).update(valid_to=clock.today() + timedelta(days=1))
    data = page_data(pages.get(change_of(clerk))) | {"role_assignments-0-office": closing.pk}

    assert pages.post(change_of(clerk), data).status_code == 302
    assert clerk.role_assignments.get().office == closing


# ---- many at once --------------------------------------------------------------------------------


def act(pages: Client, action: str, *officers: Officer, confirmed: bool = True) -> Any:
    data = {"action": action, "_selected_action": [officer.pk for officer in officers]}
    agreed = {"confirmed": "yes"} if confirmed else {}
    return pages.post(reverse(f"{OFFICER}_changelist"), data | agreed, follow=True)


def test_accounts_are_closed_after_a_question_and_opened_again(
    pages: Client, clerk: Officer, leader: Officer
) -> None:
    create_api_token(officer=clerk, label="Máy in")

    asked = act(pages, "close", clerk, leader, confirmed=False)
    assert clerk.full_name in asked.content.decode()
    assert Officer.objects.get(pk=clerk.pk).is_active
    said = act(pages, "close", clerk, leader)
    assert "2 tài khoản" in messages_of(said)
    assert not Officer.objects.filter(pk__in=[clerk.pk, leader.pk], is_active=True).exists()
    assert clerk.api_tokens.get().revoked_at is not None
    assert "đóng" in LogEntry.objects.latest("id").change_message

    act(pages, "open", clerk)
    assert Officer.objects.get(pk=clerk.pk).is_active


def test_roles_are_ended_and_named_in_the_history(pages: Client, clerk: Officer) -> None:
    act(pages, "end_roles", clerk)

    assert not clerk.role_assignments.exists()
    assert "văn thư" in LogEntry.objects.latest("id").change_message.lower()


@pytest.mark.parametrize("action", ["close", "end_roles"])
def test_no_action_on_many_ends_the_own_account_or_a_superuser(
    pages: Client, administrator: Officer, clerk: Officer, action: str
) -> None:
    superuser = Officer.objects.create_superuser(username="goc", full_name="Siêu")

    for chosen in (administrator, superuser):
        answer = act(pages, action, chosen, clerk)

        assert messages_of(answer)
        assert Officer.objects.filter(is_active=False).count() == 0
        assert clerk.role_assignments.exists()


def test_actions_are_not_for_officers_without_the_right(client: Client, clerk: Officer) -> None:
    client.force_login(clerk)

    act(client, "close", clerk)

    assert Officer.objects.get(pk=clerk.pk).is_active
