"""Reads about announcements: who may see and write them, lists, what each says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from notifications.announcement_rules import Content
from notifications.models import Announcement, AnnouncementEvent
from notifications.words import AnnouncementStatus
from offices.kinds import OfficeKind, Role
from offices.models import Commune, Office, Officer
from offices.selectors.officers import assignments_of

PAGE_SIZE = 20


@dataclass(frozen=True)
class Desk:
    """Where an officer writes and releases announcements.

    A role in an office of one commune reaches that commune; in any other office, the province.
    """

    officer: Officer
    offices: Mapping[Role, Sequence[Office]]

    @property
    def roles(self) -> frozenset[Role]:
        """Announcer, releaser, both or none."""
        return frozenset(role for role, offices in self.offices.items() if offices)

    @property
    def writes(self) -> bool:
        """True for an announcer."""
        return Role.ANNOUNCER in self.roles

    @property
    def releases(self) -> bool:
        """True for a releaser."""
        return Role.RELEASER in self.roles

    def communes(self, role: Role) -> QuerySet[Commune]:
        """The communes whose people the role may tell something."""
        offices = self.offices[role]
        if any(office.commune_id is None for office in offices):
            return Commune.objects.all()
        return Commune.objects.filter(pk__in=[office.commune_id for office in offices])

    @property
    def sees_all(self) -> bool:
        """True where one of the roles is of the province."""
        return any(
            office.commune_id is None for offices in self.offices.values() for office in offices
        )


@dataclass(frozen=True)
class Page:
    """One page, newest first, and the tokens beside which the neighbouring pages start."""

    rows: list[Announcement]
    newer: str
    older: str


def desk_of(officer: Officer) -> Desk:
    """The officer's roles about announcements; one query."""
    offices: dict[Role, list[Office]] = {Role.ANNOUNCER: [], Role.RELEASER: []}
    for assignment in assignments_of(officer).filter(role__in=list(offices)):
        offices[Role(assignment.role)].append(assignment.office)
    return Desk(officer, offices)


def visible_to(desk: Desk) -> QuerySet[Announcement]:
    """All for the province; for a commune those written in its offices."""
    rows = Announcement.objects.select_related("author", "releaser", "office")
    if desk.sees_all:
        return rows
    communes = [
        office.commune_id
        for offices in desk.offices.values()
        for office in offices
        if office.commune_id is not None
    ]
    return rows.filter(office__commune_id__in=communes)


def page_of(desk: Desk, *, status: str = "", after: str = "", before: str = "") -> Page:
    """`PAGE_SIZE` announcements after, or else before, the one with that token."""
    rows = visible_to(desk)
    if status in AnnouncementStatus.values:
        rows = rows.filter(status=status)
    mark = Announcement.objects.filter(token=before or after).values_list("id", flat=True).first()
    backwards = bool(before) and mark is not None
    if mark is not None:
        rows = rows.filter(id__gt=mark) if backwards else rows.filter(id__lt=mark)
    found = list(rows.order_by("id" if backwards else "-id")[: PAGE_SIZE + 1])
    more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    has_newer = more if backwards else mark is not None
    has_older = True if backwards else more
    return Page(found, found[0].token if has_newer else "", found[-1].token if has_older else "")


def content_of(announcement: Announcement) -> Content:
    """What it says to whom; one query for its communes."""
    return Content(
        kind=announcement.kind,
        text=announcement.text,
        area=announcement.area,
        expires_at=announcement.expires_at,
        communes=list(announcement.communes.values_list("code", flat=True)),
        hazard=announcement.hazard,
        level=announcement.level,
        effective_from=announcement.effective_from,
    )


def communes_of(announcement: Announcement) -> list[Commune]:
    """Its communes in the order of the alphabet."""
    return list(announcement.communes.order_by("sort_key"))


def events_of(announcement: Announcement) -> list[AnnouncementEvent]:
    """What happened to it, newest first."""
    return list(announcement.events.select_related("actor").order_by("-id"))


def offices_of(announcement: Announcement) -> list[Office]:
    """The committees of its communes, in the order of the alphabet."""
    return list(
        Office.objects.in_force()
        .filter(kind=OfficeKind.COMMUNE, commune__announcements=announcement)
        .select_related("commune")
        .order_by("commune__sort_key")
    )
