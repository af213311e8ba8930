"""What an administrator should look at: the calendar of the coming year, officers without work."""

from django.utils.translation import gettext as _

from common.attention import Concern, Gravity, some
from offices.kinds import Role
from offices.models import Office, Officer
from offices.selectors.calendars import CalendarGap, calendar_gaps

_MOST = 100
_DAYS = "admin:offices_calendarday_changelist"
_OFFICERS = "admin:offices_officer_changelist"


def calendar_years() -> list[Concern]:
    """This year's national days off and, from November on, those of the next; one query."""
    return [
        Concern(
            Gravity.NOW if gap.is_grave else Gravity.SOON,
            words_of(gap),
            page=_DAYS,
            query=f"date__year={gap.year}",
            right="offices.view_calendarday",
        )
        for gap in calendar_gaps()
    ]


def words_of(gap: CalendarGap) -> str:
    """The sentence for people, for `doctor` too."""
    text = (
        _("The days off of %(year)d are not complete: %(n)d are entered.")
        if gap.days_off
        else _("The days off of %(year)d are not entered: due dates in that year will be wrong.")
    )
    return text % {"year": gap.year, "n": gap.days_off}


def officers_without_role() -> list[Concern]:
    """Active accounts that can do nothing, and roles in closed offices; two queries."""
    active = Officer.objects.filter(is_active=True).order_by("username")
    idle = active.filter(role_assignments=None, is_superuser=False)
    closed = active.filter(role_assignments__office__in=Office.objects.closed()).distinct()
    found = []
    if names := list(idle.values_list("full_name", flat=True)[:_MOST]):
        text = _("Active officers without a role, who can do nothing: %(names)s.")
        found.append(_about_officers(text, names, "role=none"))
    if names := list(closed.values_list("full_name", flat=True)[:_MOST]):
        text = _("Officers with a role in a closed office: %(names)s.")
        found.append(_about_officers(text, names, "role=closed"))
    return found


def _about_officers(text: str, names: list[str], query: str) -> Concern:
    return Concern(
        Gravity.NOTE,
        text % {"names": some(names)},
        page=_OFFICERS,
        query=query,
        right="offices.view_officer",
    )


def few_administrators() -> list[Concern]:
    """One administrator alone has no stand-in; one query."""
    n = (
        Officer.objects.filter(is_active=True, role_assignments__role=Role.ADMINISTRATOR)
        .distinct()
        .count()
    )
    if n > 1:
        return []
    text = _("Only one account has the administrator's role: nobody can stand in for it.")
    return [Concern(Gravity.NOTE, text, page=_OFFICERS, right="offices.view_officer")]
