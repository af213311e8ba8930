"""Every list of the administration: found, filtered, readable, and cheap however long it is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.exceptions import FieldDoesNotExist
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cases.models import (
    Dossier,
    DossierEvent,
    PortalSettings,
)
from cases.tests.cast import SPLIT_PLOT, current
from cases.tests.walk import take_in_case
from citizens.models import Citizen, PersonalDataAccess, ZaloLink
from common import clock
from common.admin import CappedPaginator, ChoiceFilter
from notifications import tracking
from notifications.models import (
    Announcement,
    AnnouncementEvent,
    ChannelHold,
    ChatAnswer,
    ChatReply,
    Delivery,
    DeliveryAttempt,
    Notification,
    WebhookInbox,
    ZaloAccount,
    ZaloTemplate,
)
from notifications.services.chat_answers import ensure_defaults
from notifications.tests.announcing_cast import submitted
from notifications.tests.engine import dispatch_all
from offices.models import CalendarDay, Commune, Office, Officer, WeeklyInterval
from offices.services.tokens import create_api_token
from offices.tests.cast import add_officer, officer_of

pytestmark = pytest.mark.django_db

# May hold millions of rows: nothing counts or groups all of them.
LONG: list[type[models.Model]] = [
    Dossier, DossierEvent, Citizen, PersonalDataAccess, ZaloLink, Notification, Delivery,
    DeliveryAttempt, ChatReply, WebhookInbox, LogEntry,
]  # fmt: skip
WITHOUT_SEARCH: dict[type[models.Model], str] = {
    PortalSettings: "one row, its list leads straight to it",
    ZaloAccount: "one row for the one official account",
}
WITHOUT_FILTER: dict[type[models.Model], str] = {
    PortalSettings: "one row",
    ZaloAccount: "one row",
    Commune: "102 rows on three pages; a name is searched",
    Group: "one row, seen by superusers alone",
}
WITHOUT_COLUMNS = {PortalSettings: "no list", Group: "Django's own page"}
MANY = 30


def every() -> list[Any]:
    return [
        pytest.param(model, options, id=model._meta.label)
        for model, options in admin.site._registry.items()
    ]


def field_of(model: type[models.Model], name: str) -> Any:
    try:
        return model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


@pytest.mark.parametrize(("model", "options"), every())
def test_list_is_searched_filtered_and_has_columns(
    model: type[models.Model], options: admin.ModelAdmin[Any]
) -> None:
    assert bool(options.search_fields) != (model in WITHOUT_SEARCH)
    assert bool(options.list_filter) != (model in WITHOUT_FILTER)
    assert (len(options.list_display) > 1) != (model in WITHOUT_COLUMNS)


@pytest.mark.parametrize(("model", "options"), every())
def test_no_column_is_made_for_programs(
    model: type[models.Model], options: admin.ModelAdmin[Any]
) -> None:
    shown = [*options.list_display, *(options.fields or ())]

    for name in filter(lambda name: isinstance(name, str), shown):
        field = field_of(model, str(name))
        assert name not in ("id", "pk", "payload"), name
        assert not isinstance(field, models.JSONField), name


@pytest.mark.parametrize(("model", "options"), every())
def test_row_has_a_name_that_people_can_read(
    model: type[models.Model], options: admin.ModelAdmin[Any]
) -> None:
    for shown in (model, *(inline.model for inline in options.inlines)):
        named_by = [part for part in shown.__mro__ if "__str__" in vars(part)]
        assert named_by[0] is not models.Model, shown


@pytest.mark.parametrize("model", LONG, ids=lambda model: model._meta.label)
def test_long_list_counts_and_groups_nothing_as_a_whole(model: type[models.Model]) -> None:
    options = admin.site._registry[model]

    assert options.paginator is CappedPaginator
    assert not options.show_full_result_count
    assert options.show_facets is admin.ShowFacets.NEVER
    for entry in options.list_filter:
        if isinstance(entry, type) and issubclass(entry, ChoiceFilter):
            continue
        field = field_of(model, str(entry[0] if isinstance(entry, tuple | list) else entry))
        asks_for_all_values = isinstance(entry, str) and not (
            field.choices or isinstance(field, models.DateField | models.BooleanField)
        )
        assert not asks_for_all_values, entry


@pytest.fixture
def rows(
    client: Client, administrator: Officer, front_desk: Officer, province: None
) -> Iterator[None]:
    """Thirty rows and more of everything, each with people and offices of its own."""
    version = current(SPLIT_PLOT)
    communes = list(Commune.objects.all()[:MANY])
    offices = list(Office.objects.filter(kind="department"))
    clerks = [add_officer(office, "clerk") for _n in range(6) for office in offices][:MANY]
    for number, commune in enumerate(communes, 1):
        dossier = take_in_case(version.cases.all()[0], commune=commune, officer=front_desk,
                               number=number)  # fmt: skip
        clerk = clerks[number % len(clerks)]
        create_api_token(officer=clerk, label=f"Máy {number}")
        PersonalDataAccess.objects.create(citizen=dossier.citizen, officer=clerk, reason="intake")
        ZaloLink.objects.create(user_id=f"25125{number}", citizen=dossier.citizen)
        ChatReply.objects.create(event="state", user_id="1", dossier=dossier, payload={})
        WebhookInbox.objects.create(dedupe_key=f"{number}", verified=True)
        LogEntry.objects.log_actions(clerk.pk, [dossier], 2, change_message="x")
        CalendarDay.objects.create(date=clock.today() + timedelta(days=number), office=offices[0],
                                   kind="off", name="Nghỉ", legal_reference="Thử")  # fmt: skip
        WeeklyInterval.objects.create(office=offices[number % len(offices)], weekday=number % 7,
                                      opens=f"0{number % 5}:{number}", closes="09:00")  # fmt: skip
        ChannelHold.objects.create(key=f"template:{number}", why="held", since=clock.now(),
                                   until=clock.now())  # fmt: skip
    ensure_defaults()
    dispatch_all()
    news = submitted(officer_of("van-phong-uy-ban-tinh", "announcer"))
    AnnouncementEvent.objects.bulk_create(
        AnnouncementEvent(event="sent_back", announcement=news, actor=clerk) for clerk in clerks
    )
    DeliveryAttempt.objects.bulk_create(
        DeliveryAttempt(delivery=delivery, no=9, process="x") for delivery in Delivery.objects.all()
    )
    account = ZaloAccount.objects.create(oa_id="1")
    ZaloTemplate.objects.bulk_create(
        ZaloTemplate(account=account, name=f"n{n}", template_id=n, status="ENABLE",
                     synced_at=clock.now()) for n in range(MANY)
    )  # fmt: skip
    client.force_login(administrator)
    yield


# Of these a province has one or few, whatever the year.
FEW = {PortalSettings, ZaloAccount, Group, Announcement, ChatAnswer}


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as made:
        assert client.get(address).status_code == 200, address
    return len(made)


def test_a_list_makes_as_many_queries_for_thirty_rows_as_for_one(
    rows: None, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model, options in admin.site._registry.items():
        if model in (PortalSettings, Group):
            continue
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        assert model in FEW or model._default_manager.count() >= MANY, model._meta.label
        monkeypatch.setattr(options, "list_per_page", 1)
        for_one = queries(client, address)
        monkeypatch.setattr(options, "list_per_page", MANY)

        assert queries(client, address) == for_one, model._meta.label


@pytest.mark.parametrize(
    ("model", "term"),
    [
        (DossierEvent, "{code}"),
        (Notification, "{code}"),
        (Delivery, "{code}"),
        (ChatReply, "{code}"),
        (Delivery, "{ref}"),
    ],
)
def test_long_list_finds_the_rows_of_one_dossier(
    rows: None, client: Client, model: type[models.Model], term: str
) -> None:
    dossier = Dossier.objects.all()[7]
    address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")

    page = client.get(address, {"q": term.format(code=str(dossier.code).lower(), ref=dossier.ref)})

    found: list[Any] = page.context["cl"].result_list
    assert found
    assert {row.dossier for row in found} == {dossier}
    assert not client.get(address, {"q": "nothing"}).context["cl"].result_list


def test_attempt_is_found_by_the_tracking_id_that_zalo_reports(rows: None, client: Client) -> None:
    attempt = DeliveryAttempt.objects.all()[3]
    address = reverse("admin:notifications_deliveryattempt_changelist")

    page = client.get(address, {"q": tracking.encode(attempt.delivery_id, attempt.no)})

    assert list(page.context["cl"].result_list) == [attempt]


def test_event_says_in_words_what_happened(rows: None, client: Client) -> None:
    event = DossierEvent.objects.filter(event="accepted")[0]

    page = client.get(reverse("admin:cases_dossierevent_change", args=[event.pk]))

    assert "hẹn trả" in page.content.decode()
    assert "{" not in page.content.decode().split('class="readonly"', 1)[1].split("<script")[0]
