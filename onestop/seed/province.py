"""The whole seed, in one transaction: no worker ever sees half of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from random import Random

from django.db import connection, transaction
from django.db.models import F

from cases.models import Dossier, ProcedureCase
from common import clock
from offices.kinds import Role
from offices.models import Commune, Officer
from offices.selectors.calendars import calendar_for, calendars_kept
from onestop.seed import messages, officers
from onestop.seed.people import people
from onestop.seed.plots import plots
from onestop.seed.story import Stage, counters_by_commune, play

Say = Callable[[str], None]
_PEOPLE = 200


@transaction.atomic
def seed_province(*, dossiers: int, say: Say) -> None:
    """Demo officers always, citizens and dossiers only where there is no dossier yet."""
    cast = officers.seed_officers()
    say(f"{len(cast)} officers")
    if dossiers < 1:
        return
    if Dossier.objects.exists():
        say("dossiers are there already")
        return
    _play(cast, dossiers, say)


def _play(cast: dict[tuple[str, Role], Officer], count: int, say: Say) -> None:
    now = clock.now()
    chance = Random("dossiers")
    persons = people(min(_PEOPLE, max(count, 1)), {c.code: c for c in Commune.objects.all()})
    cases = ProcedureCase.objects.filter(
        version__procedure__current=F("version"), version__external_system=""
    )
    story = plots(
        count,
        people=persons,
        cases=list(
            cases.select_related("version__procedure")
            .prefetch_related("documents")
            .order_by("version__procedure__code", "position")
        ),
        calendar=calendar_for(None),
        now=now,
        chance=chance,
    )
    stage = Stage(officers=cast, counters=counters_by_commune(), chance=chance)
    with calendars_kept(), connection.cursor() as cursor:
        # The one join of many tables has one good order, and it is the written one: planning it
        # two thousand times takes longer than running it.
        cursor.execute("SET LOCAL join_collapse_limit = 1")
        moves = play(story, stage, until=now - timedelta(minutes=1))
    say(f"{Dossier.objects.count()} dossiers by {moves} moves")
    messages.link_accounts(persons, _linked(cast))
    say(f"{messages.write_as_sent(chance)} events told")


def _linked(cast: dict[tuple[str, Role], Officer]) -> list[Officer]:
    """Every tenth officer; those of the printed table are left to be linked by hand."""
    return [cast[key] for key in sorted(cast)[::10] if key not in officers.PRIMARY]


def write_log_ins(path: Path) -> None:
    """Writes every demo log-in to `path`, readable by its owner alone."""
    text = json.dumps(officers.log_ins(), ensure_ascii=False, indent=1)
    draft = path.with_suffix(".new")
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
