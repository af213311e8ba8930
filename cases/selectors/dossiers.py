"""Dossiers as lists and as one sheet: what the API and the officers' screens read."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from cases.models import Dossier, DossierStep, SupplementRequest
from cases.selectors.access import AllowedMove, moves_of, position_of, visible_to
from cases.workflow import STAGE_OF, Stage, Status, StepState
from citizens.identity import parse_identity_number, parse_phone
from common.errors import DomainError
from common.fields import keyed_hash
from common.text import fold
from offices.models import Office, Officer

_MOST_WORDS = 10


@dataclass(frozen=True)
class DossierRow:
    """A dossier with its open steps, in order."""

    dossier: Dossier
    steps: tuple[DossierStep, ...]

    @property
    def office(self) -> Office | None:
        """Where the dossier is: the office of the first open step."""
        return self.steps[0].office if self.steps else None

    @property
    def officer(self) -> Officer | None:
        """Who has the first open step; None while nobody has taken it."""
        return self.steps[0].officer if self.steps else None


@dataclass(frozen=True)
class DossierSheet(DossierRow):
    """All that an officer sees of one dossier, and what they may do next.

    `moves` are those that the officer's role allows, refused ones with their reasons.
    `supplement` is the open request for missing papers, its items prefetched.
    """

    moves: tuple[AllowedMove, ...]
    supplement: SupplementRequest | None


def search(
    officer: Officer,
    *,
    stage: Stage | None = None,
    status: Status | None = None,
    office: str = "",
    text: str = "",
) -> QuerySet[Dossier]:
    """The officer's dossiers, newest first; `office` is the code of one that has an open step.

    `text` is looked for without accents in the code and the filer's name; an identity number or a
    phone number must be whole.
    """
    found = visible_to(officer).select_related("procedure_version__procedure", "case")
    if stage is not None:
        found = found.filter(status__in=[s for s in Status if STAGE_OF[s] == stage])
    if status is not None:
        found = found.filter(status=status)
    if office:
        here = DossierStep.objects.filter(state=StepState.OPEN, office__code=office)
        found = found.filter(pk__in=here.values("dossier"))
    return found.filter(_matches(text)).order_by("-id")


def _matches(text: str) -> Q:
    words = fold(text).split()[:_MOST_WORDS]
    if not words:
        return Q()
    by_name = Q()
    for word in words:
        by_name &= Q(citizen__search_text__contains=word)
    found = by_name | Q(code__contains="".join(words).upper())
    if (number := _digits_of(text, parse_identity_number)) is not None:
        found |= Q(citizen__identity_hash=keyed_hash(number))
    if (phone := _digits_of(text, parse_phone)) is not None:
        found |= Q(citizen__phone_hash=keyed_hash(phone))
    return found


def _digits_of(text: str, parse: Callable[[str], str]) -> str | None:
    try:
        return parse(text)
    except DomainError:
        return None


def rows_of(dossiers: Sequence[Dossier]) -> list[DossierRow]:
    """The dossiers of one page with their open steps; one query for all."""
    steps: dict[int, list[DossierStep]] = {dossier.pk: [] for dossier in dossiers}
    opened = (
        DossierStep.objects.filter(dossier__in=dossiers, state=StepState.OPEN)
        .select_related("office", "officer")
        .order_by("position")
    )
    for step in opened:
        steps[step.dossier_id].append(step)
    return [DossierRow(dossier, tuple(steps[dossier.pk])) for dossier in dossiers]


def sheet_of(dossier: Dossier, officer: Officer) -> DossierSheet:
    """The dossier as `officer` sees it; a constant number of queries."""
    position = position_of(officer, dossier)
    return DossierSheet(
        dossier=dossier,
        steps=position.open_steps,
        moves=tuple(moves_of(dossier, position)),
        supplement=open_supplement(dossier),
    )


def open_supplement(dossier: Dossier) -> SupplementRequest | None:
    """The request for missing papers that waits for an answer."""
    if dossier.status != Status.SUPPLEMENT_REQUESTED:
        return None
    requests = dossier.supplement_requests.filter(closed_at=None)
    return requests.prefetch_related("items").select_related("requested_by").first()


def steps_to_open(steps: Iterable[DossierStep]) -> list[DossierStep]:
    """What the next hand-over opens: the first waiting step with all of its parallel group."""
    waiting = [step for step in steps if step.state == StepState.WAITING]
    if not waiting:
        return []
    group = waiting[0].parallel_group
    return [step for step in waiting if step.parallel_group == group] if group else waiting[:1]
