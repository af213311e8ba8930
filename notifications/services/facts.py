"""Everything that a group of messages needs to be checked and rendered, read again just before.

A constant number of queries for a group, whatever its size; no row is locked.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cases.models import Dossier, DossierEvent, DossierStep, SupplementItem, SupplementRequest
from cases.workflow import StepState
from citizens.models import Citizen, ZaloLink
from notifications.kinds import KIND, Kind, Truth
from notifications.models import Announcement, ChatReply, Notification
from notifications.services import reach as reaches
from notifications.services.enrol import Telling
from notifications.services.reach import Reach
from notifications.services.siblings import Sibling, siblings_of
from notifications.services.sources import user_id_of
from notifications.words import Source
from offices.models import Office, Officer, WeeklyInterval
from offices.selectors.calendars import calendar_for
from offices.worktime import Calendar, Interval

Row = Mapping[str, Any]


@dataclass(frozen=True)
class OfficeFacts:
    """An office as messages name it."""

    id: int
    short_name: str
    name: str
    address: str
    phone: str


@dataclass(frozen=True)
class StepFacts:
    """A step with who does it."""

    id: int
    name: str
    state: str
    position: int
    office_id: int
    officer_id: int | None
    officer_name: str
    officer_phone: str
    due_at: datetime | None


@dataclass
class DossierFacts:
    """A dossier as it is now."""

    id: int
    row: Mapping[str, Any]
    steps: list[StepFacts] = field(default_factory=list)

    @property
    def open_steps(self) -> list[StepFacts]:
        return [step for step in self.steps if step.state == StepState.OPEN]

    @property
    def holder(self) -> StepFacts | None:
        """The first open step, else the last one that was worked on."""
        worked = [s for s in self.steps if s.state == StepState.DONE]
        return next(iter(self.open_steps or worked[-1:]), None)


@dataclass(frozen=True)
class RequestFacts:
    """A request for missing papers."""

    id: int
    is_open: bool
    reason: str
    due_at: datetime
    papers: tuple[str, ...]


@dataclass
class Facts:
    """One notification with all that it is about."""

    notification_id: int
    kind: Kind
    recipient_key: str
    reach: Reach
    event: Mapping[str, Any] = field(default_factory=dict)
    dossier: DossierFacts | None = None
    request: RequestFacts | None = None
    announcement: Announcement | None = None
    reply: ChatReply | None = None
    officer_id: int | None = None
    actor_name: str = ""
    phone: str = ""
    user_id: str = ""
    siblings: Sequence[Sibling] = ()
    offices: Mapping[int, OfficeFacts] = field(default_factory=dict)
    hours: Mapping[int, Sequence[Interval]] = field(default_factory=dict)
    calendar: Calendar | None = None

    def office(self, office_id: int) -> OfficeFacts:
        """An office that this message names."""
        return self.offices[office_id]


_DOSSIER_FIELDS = (
    "id", "code", "ref", "status", "due_at", "paused_at", "received_at", "ready_at", "closed_at",
    "early_days", "result_channel", "parcel_code", "closing_reason", "lookup_token", "lookup_code",
    "receiving_office_id", "deciding_office_id", "procedure_version__short_name",
)  # fmt: skip

_NEEDS_SIBLINGS = frozenset({Truth.FIRST_NEWS, Truth.RECEIPT_WAS_TOLD})


_NOTIFICATION_FIELDS = (
    "id", "source", "event_id", "kind", "recipient_key", "dossier_id", "announcement_id",
    "citizen_id", "officer_id",
)  # fmt: skip


def load(notification_ids: Iterable[int]) -> dict[int, Facts]:
    """Facts by notification; one that cannot be found, or of an unknown kind, is left out."""
    found = Notification.objects.filter(id__in=list(notification_ids))
    rows = [row for row in found.values(*_NOTIFICATION_FIELDS) if row["kind"] in KIND]
    group = _Group(rows)
    return {row["id"]: group.facts(row) for row in rows}


def of_telling(telling: Telling) -> Facts:
    """As `load`, for a telling that has no notification; nothing is written."""
    row = {
        "id": 0,
        "source": telling.source,
        "event_id": telling.event_id,
        "kind": telling.kind.name,
        "recipient_key": telling.addressee.key,
        "dossier_id": telling.dossier_id,
        "announcement_id": telling.announcement_id,
        "citizen_id": telling.addressee.citizen_id,
        "officer_id": telling.addressee.officer_id,
    }
    return _Group([row]).facts(row)


class _Group:
    """Everything that the notifications of a group are about, read once for all."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.people = _People(rows)
        self.dossiers = _dossiers({row["dossier_id"] for row in rows if row["dossier_id"]})
        self.events = _events(rows)
        self.requests = _requests(self.events.values())
        self.announcements = Announcement.objects.in_bulk(
            {row["announcement_id"] for row in rows if row["announcement_id"]}
        )
        self.replies = ChatReply.objects.in_bulk(_ids(rows, Source.CHAT))
        self.siblings = _siblings(rows)
        self.offices = _offices(self.dossiers.values())
        counters = {dossier.row["receiving_office_id"] for dossier in self.dossiers.values()}
        self.hours = _hours(counters)
        self.actors = _names({event["actor_id"] for event in self.events.values()})
        is_posted = any(row["kind"] == "ready_post" for row in rows)
        self.calendar = calendar_for(None) if is_posted else None

    def facts(self, row: Row) -> Facts:
        event = self.events.get((row["source"], row["event_id"]), {})
        return Facts(
            notification_id=row["id"],
            kind=KIND[row["kind"]],
            recipient_key=row["recipient_key"],
            reach=self.people.reach(row),
            event=event,
            dossier=self.dossiers.get(row["dossier_id"]),
            request=self.requests.get(_request_id(event)),
            announcement=self.announcements.get(row["announcement_id"]),
            reply=self.replies.get(row["event_id"]) if row["source"] == Source.CHAT else None,
            officer_id=row["officer_id"],
            actor_name=self.actors.get(event.get("actor_id"), ""),
            phone=self.people.phones.get(row["citizen_id"], ""),
            user_id=self.people.user_id(row),
            siblings=self.siblings.get(row["dossier_id"], ()),
            offices=self.offices,
            hours=self.hours,
            calendar=self.calendar,
        )


class _People:
    """Contact points of the people of a group."""

    def __init__(self, rows: Sequence[Row]) -> None:
        citizens = {row["citizen_id"] for row in rows if row["citizen_id"]}
        officers = {row["officer_id"] for row in rows if row["officer_id"]}
        purposes = {KIND[row["kind"]].consent for row in rows} - {None}
        self._reach = {
            purpose: reaches.of_citizens(citizens, purpose) for purpose in purposes if purpose
        }
        self._plain = {} if purposes else reaches.of_citizens(citizens)
        self._officers = reaches.of_officers(officers)
        self.phones = dict(Citizen.objects.filter(id__in=citizens).values_list("id", "phone"))
        self._links: dict[tuple[str, int], str] = {}
        for user_id, citizen, officer in _links(citizens, officers):
            if citizen:
                self._links["c", citizen] = user_id
            if officer:
                self._links["o", officer] = user_id

    def reach(self, row: Row) -> Reach:
        if row["citizen_id"]:
            purpose = KIND[row["kind"]].consent
            known = self._reach[purpose] if purpose else self._any()
            return known.get(row["citizen_id"], reaches.NOBODY)
        if row["officer_id"]:
            return self._officers.get(row["officer_id"], reaches.NOBODY)
        return reaches.CHAT

    def user_id(self, row: Row) -> str:
        if row["citizen_id"]:
            return self._links.get(("c", row["citizen_id"]), "")
        if row["officer_id"]:
            return self._links.get(("o", row["officer_id"]), "")
        return user_id_of(row["recipient_key"]) or ""

    def _any(self) -> dict[int, Reach]:
        """Contact points alone, for kinds that need no consent."""
        return next(iter(self._reach.values()), self._plain)


def _links(citizens: set[int], officers: set[int]) -> Iterable[tuple[str, int | None, int | None]]:
    if not citizens and not officers:
        return ()
    rows = ZaloLink.objects.filter(citizen_id__in=citizens) | ZaloLink.objects.filter(
        officer_id__in=officers
    )
    return rows.values_list("user_id", "citizen_id", "officer_id")


def _ids(rows: Sequence[Row], source: Source) -> list[int]:
    return [row["event_id"] for row in rows if row["source"] == source]


def _events(rows: Sequence[Row]) -> dict[tuple[str, int], dict[str, Any]]:
    ids = _ids(rows, Source.DOSSIER)
    if not ids:
        return {}
    found = DossierEvent.objects.filter(id__in=ids).values(
        "id", "event", "at", "payload", "status_after", "actor_id"
    )
    return {(Source.DOSSIER.value, row["id"]): dict(row) for row in found}


def _dossiers(ids: set[int]) -> dict[int, DossierFacts]:
    if not ids:
        return {}
    rows = Dossier.objects.filter(id__in=ids).values(*_DOSSIER_FIELDS)
    dossiers = {row["id"]: DossierFacts(row["id"], row) for row in rows}
    steps = (
        DossierStep.objects.filter(dossier_id__in=ids)
        .exclude(state=StepState.WAITING)
        .order_by("position")
        .values_list(
            "dossier_id", "id", "name", "state", "position", "office_id", "officer_id",
            "officer__full_name", "officer__phone", "due_at",
        )
    )  # fmt: skip
    for dossier_id, pk, name, state, position, office, officer, who, phone, due in steps:
        dossiers[dossier_id].steps.append(
            StepFacts(pk, name, state, position, office, officer, who or "", phone or "", due)
        )
    return dossiers


def _names(officer_ids: set[int | None]) -> dict[int | None, str]:
    if not officer_ids:
        return {}
    rows = Officer.objects.filter(id__in=[pk for pk in officer_ids if pk])
    return dict(rows.values_list("id", "full_name"))


def _request_id(event: Mapping[str, Any]) -> int | None:
    payload = event.get("payload") or {}
    value = payload.get("request")
    return value if isinstance(value, int) else None


def _requests(events: Iterable[Mapping[str, Any]]) -> dict[int | None, RequestFacts]:
    ids = {pk for event in events if (pk := _request_id(event))}
    if not ids:
        return {}
    papers: dict[int, list[str]] = {}
    items = SupplementItem.objects.filter(request_id__in=ids).order_by("position")
    for request_id, name in items.values_list("request_id", "name"):
        papers.setdefault(request_id, []).append(name)
    rows = SupplementRequest.objects.filter(id__in=ids)
    return {
        row.id: RequestFacts(
            row.id, row.closed_at is None, row.reason, row.due_at, tuple(papers.get(row.id, ()))
        )
        for row in rows
    }


def _siblings(rows: Sequence[Row]) -> dict[int, list[Sibling]]:
    wanted = {
        row["dossier_id"]
        for row in rows
        if row["dossier_id"]
        and (KIND[row["kind"]].merge_group or KIND[row["kind"]].true_while in _NEEDS_SIBLINGS)
    }
    return siblings_of(wanted)


def _offices(dossiers: Iterable[DossierFacts]) -> dict[int, OfficeFacts]:
    ids: set[int] = set()
    for dossier in dossiers:
        ids |= {dossier.row["receiving_office_id"], dossier.row["deciding_office_id"]}
        ids |= {step.office_id for step in dossier.steps}
    if not ids:
        return {}
    rows = Office.objects.filter(id__in=ids).values_list(
        "id", "short_name", "name", "address", "phone"
    )
    return {row[0]: OfficeFacts(*row) for row in rows}


def _hours(office_ids: set[int]) -> dict[int, list[Interval]]:
    """Monday's opening hours of each counter, its own or those of all offices."""
    if not office_ids:
        return {}
    rows = WeeklyInterval.objects.filter(weekday=0, counter_only=False).order_by("opens")
    common = [Interval(row.opens, row.closes) for row in rows.filter(office=None)]
    own: dict[int, list[Interval]] = {}
    for row in rows.filter(office_id__in=office_ids):
        if row.office_id:
            own.setdefault(row.office_id, []).append(Interval(row.opens, row.closes))
    return {office_id: own.get(office_id) or list(common) for office_id in office_ids}
