"""Reads about offices: working time, where a step is done, and who has a role there."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import fold, nfc
from offices.kinds import COMMUNE_KINDS, RECEIVING_KINDS, OfficeKind, Role
from offices.models import (
    CalendarDay,
    Commune,
    FormerCommune,
    Office,
    Officer,
    RoleAssignment,
    WeeklyInterval,
)
from offices.worktime import Calendar, DayRule, Interval

_kept: ContextVar[dict[tuple[int | None, bool], Calendar] | None] = ContextVar("kept", default=None)


def weekly_intervals(office: Office | None) -> list[WeeklyInterval]:
    """The office's own opening hours, or the rule for all when it has none; one query."""
    rows = list(WeeklyInterval.objects.filter(Q(office=office) | Q(office__isnull=True)))
    own = [row for row in rows if row.office_id is not None]
    return own or [row for row in rows if row.office_id is None]


def calendar_days(office: Office | None) -> list[CalendarDay]:
    """National days and those of the office; the office's own comes last and wins."""
    rows = CalendarDay.objects.filter(Q(office=office) | Q(office__isnull=True))
    return sorted(rows, key=lambda row: row.office_id is not None)


def resolve_office(reference: str, role: str, *, commune: Commune, receiving: Office) -> Office:
    """The office that a step or a version names by code or kind, for one dossier.

    Front desk of a receiving kind means the unit that received the dossier; commune kinds mean the
    competent commune; a land registry branch is the one that serves it; any other kind stands once.
    Raises DomainError when the tree has no such office, or several.
    """
    if role == Role.FRONT_DESK and reference in RECEIVING_KINDS:
        return receiving
    offices = Office.objects.in_force()
    if reference in COMMUNE_KINDS:
        found = offices.filter(kind=reference, commune=commune)
    elif reference == "land_registry_branch":
        found = offices.filter(kind=reference, serves=commune)
    else:
        found = offices.filter(Q(code=reference) | Q(kind=reference))
    matches = list(found[:2])
    if len(matches) != 1:
        raise _not_one(reference, commune, is_there=bool(matches))
    return matches[0]


def _not_one(reference: str, commune: Commune, *, is_there: bool) -> DomainError:
    """Why a reference leads to no office, in words for who takes the dossier in."""
    text = (
        _("%(commune)s has more than one office “%(office)s”. An administrator must leave one.")
        if is_there
        else _("%(commune)s has no office “%(office)s”. An administrator must enter it.")
    )
    names = {"commune": str(commune), "office": _name_of(reference)}
    return DomainError(text % names, code="office_missing")


def _name_of(reference: str) -> str:
    """The words for a kind, the name of an office, closed ones too, else what is written."""
    if reference in OfficeKind.values:
        return str(OfficeKind(reference).label)
    office = Office.objects.filter(code=reference).first()
    return office.name if office else reference


def office_references() -> frozenset[str]:
    """Every code or kind by which `resolve_office` finds one office whatever the commune is.

    Kinds of a commune count while each commune has one, `land_registry_branch` while each commune
    is served by one, other kinds while they stand once in the tree.
    """
    communes = Commune.objects.count()
    rows = list(Office.objects.in_force().values_list("code", "kind"))
    times = Counter(kind for _code, kind in rows)
    found = {code for code, _kind in rows}
    found |= {k for k, n in times.items() if n == (communes if k in COMMUNE_KINDS else 1)}
    found.discard(OfficeKind.LAND_REGISTRY_BRANCH)
    branches = Office.objects.in_force().filter(kind=OfficeKind.LAND_REGISTRY_BRANCH)
    served = Commune.objects.filter(served_by__in=branches)
    if (
        communes
        and sorted(Counter(served.values_list("code", flat=True)).values()) == [1] * communes
    ):
        found.add(OfficeKind.LAND_REGISTRY_BRANCH)
    return frozenset(map(str, found))


def only_officer_with(role: str, office: Office) -> Officer | None:
    """The officer who alone has the role there, else None (a step stays unassigned)."""
    rows = Officer.objects.filter(
        is_active=True, role_assignments__office=office, role_assignments__role=role
    ).order_by("id")[:2]
    officers = list(rows)
    return officers[0] if len(officers) == 1 else None


def roles_of(officer: Officer) -> frozenset[tuple[int, str]]:
    """All (office id, role) pairs of an officer; one query."""
    pairs = RoleAssignment.objects.filter(officer=officer).values_list("office_id", "role")
    return frozenset(pairs)


def assignments_of(officer: Officer) -> QuerySet[RoleAssignment]:
    """The officer's roles with their offices, by office."""
    rows = RoleAssignment.objects.filter(officer=officer).select_related("office")
    return rows.order_by("office__sort_key", "role")


def offices_with_role(officer: Officer, roles: Iterable[str]) -> list[Office]:
    """Offices where the officer has one of the roles, the own office first."""
    rows = Office.objects.filter(
        role_assignments__officer=officer, role_assignments__role__in=list(roles)
    ).distinct()
    return sorted(rows, key=lambda office: (office.id != officer.office_id, office.sort_key))


def receiving_offices(officer: Officer) -> list[Office]:
    """Counters of today at which the officer stands."""
    desks = offices_with_role(officer, [Role.FRONT_DESK])
    return [office for office in desks if office.is_receiving and office.is_in_force()]


def all_communes() -> list[Commune]:
    """All communes in alphabetical order."""
    return list(Commune.objects.all())


def match_communes(text: str, communes: Iterable[Commune]) -> list[Commune]:
    """Which of `communes` a person means: the name as written, else without accents, else part.

    "Phong Mỹ", "xã phong my" and "phong" find xã Phong Mỹ. Of a pair whose names differ by accents
    alone both are found unless the accents are written.
    """
    typed, plain = nfc(text).lower(), fold(text)
    if not plain:
        return []
    rules: tuple[Callable[[Commune], bool], ...] = (
        lambda commune: typed in (commune.name.lower(), _bare(commune.name).lower()),
        lambda commune: plain in (commune.search_text, _bare(commune.search_text)),
        lambda commune: plain in commune.search_text,
    )
    choices = list(communes)
    found = ([c for c in choices if rule(c)] for rule in rules)
    return next((some for some in found if some), [])


# Thành phố, thị xã, thị trấn, huyện, tỉnh as people shorten them.
_SHORT = frozenset({"tp", "tx", "tt", "h", "t"})


def communes_meant(text: str, communes: Iterable[Commune]) -> list[Commune]:
    """As `match_communes`; a name that no commune has any more finds what it became.

    Of former communes "Phường 5" names several; district and province after it tell them apart:
    "Phường 5, thành phố Mỹ Tho". Written with accents, a former name goes before one of today that
    differs from it by accents. One more query where no name of today is the one written.
    """
    choices, typed = list(communes), nfc(text).strip().lower()
    found = match_communes(text, choices)
    if any(typed in (c.name.lower(), _bare(c.name).lower()) for c in found):
        return found
    if fold(typed) == typed:
        return found or _became(text, choices)
    return _became(text, choices) or found


def _became(text: str, communes: Iterable[Commune]) -> list[Commune]:
    words = [w for w in fold(text).replace(",", " ").replace(".", " ").split() if w not in _SHORT]
    if len(words) < 2:  # the kind belongs to the name: "5" alone means nothing
        return []
    starts = [" ".join(words[:n]) for n in range(2, len(words) + 1)]
    named = [
        former
        for former in FormerCommune.objects.filter(search_text__in=starts)
        if set(words[len(former.search_text.split()) :])
        <= set(fold(f"{former.district} {former.province}").split())
    ]
    typed = nfc(text).strip().lower()
    as_written = [former for former in named if typed.startswith(former.name.lower())]
    today = {former.commune_id for former in as_written or named}
    return [commune for commune in communes if commune.pk in today]


def _bare(name: str) -> str:
    """The name without its kind: "xã Phong Mỹ" -> "Phong Mỹ"."""
    return name.partition(" ")[2]


def find_commune(code: str) -> Commune | None:
    """By its statistics code, or by the code of one of the commune's offices."""
    return Commune.objects.filter(Q(code=code) | Q(offices__code=code)).distinct().first()


def calendar_for(office: Office | None) -> Calendar:
    """The working days and hours by which the office's deadlines are counted; two queries."""
    return _calendar(office, with_counter=False)


def counter_calendar_for(office: Office) -> Calendar:
    """When the office's counter takes papers in, a Saturday for the counter only included."""
    return _calendar(office, with_counter=True)


def calendars_for(office_ids: Collection[int]) -> dict[int, Calendar]:
    """As `calendar_for`, by office id, for all the offices of a list; two queries."""
    hours = list(WeeklyInterval.objects.filter(Q(office__in=office_ids) | Q(office=None)))
    days = list(CalendarDay.objects.filter(Q(office__in=office_ids) | Q(office=None)))
    common = [row for row in hours if row.office_id is None]
    calendars = {}
    for office_id in office_ids:
        own = [row for row in hours if row.office_id == office_id]
        own_last = sorted(days, key=lambda row: row.office_id is not None)
        calendars[office_id] = _built(
            [row for row in own or common if not row.counter_only],
            [row for row in own_last if row.office_id in (None, office_id)],
        )
    return calendars


def calendars_in_use() -> list[Office | None]:
    """Whose calendars differ: None for the national one, then each office with hours or days."""
    own = Office.objects.filter(Q(weekly_intervals__isnull=False) | Q(calendar_days__isnull=False))
    return [None, *own.distinct()]


@contextmanager
def calendars_kept() -> Iterator[None]:
    """Inside, each calendar is read once: for a batch that nobody may change a day under."""
    before = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(before)


def _calendar(office: Office | None, *, with_counter: bool) -> Calendar:
    kept, key = _kept.get(), (office.pk if office else None, with_counter)
    if kept is not None and key in kept:
        return kept[key]
    hours = [row for row in weekly_intervals(office) if with_counter or not row.counter_only]
    calendar = _built(hours, calendar_days(office))
    if kept is not None:
        kept[key] = calendar
    return calendar


def _built(hours: Iterable[WeeklyInterval], days: Iterable[CalendarDay]) -> Calendar:
    weekly: dict[int, list[Interval]] = {}
    for row in hours:
        weekly.setdefault(row.weekday, []).append(Interval(row.opens, row.closes))
    rules = {row.date: _day_rule(row) for row in days}
    return Calendar({day: tuple(sorted(hours)) for day, hours in weekly.items()}, rules)


def _day_rule(row: CalendarDay) -> DayRule:
    hours = (Interval(row.opens, row.closes),) if row.opens and row.closes else None
    return DayRule(row.kind, hours, row.name, row.legal_reference)
