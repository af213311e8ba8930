"""A dossier taken in by a version that is not published yet, to look at before it is."""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Dossier, ProcedureCase
from cases.services.catalogue.publishing import publish
from cases.services.intake import NewDossier, take_in
from citizens.models import Purpose
from citizens.services import Applicant
from common.errors import DomainError
from offices.kinds import Role
from offices.models import Commune, Office, Officer, RoleAssignment

Seen = TypeVar("Seen")

# Plainly nobody: the number passes the checks of its format and belongs to no one.
_PERSON, _NUMBER, _PHONE = "Nguyễn Văn Mẫu", "087099999999", "0950000000"
_OFFICER = "Cán bộ Tiếp Nhận"


@transaction.atomic
def rehearse(case: ProcedureCase, *, look: Callable[[Dossier], Seen]) -> Seen:
    """What `look` sees of a complete dossier taken in now by the draft that `case` belongs to.

    Draft, person, officer and dossier go through the same services as real ones, in a transaction
    that is always rolled back: nothing of it stays, nobody is told. `look` may only read. Raises
    DomainError where the draft cannot be published or no dossier can be taken in by it.
    """
    version = publish(case.version, officer=None)
    office = _counter(version.receives)
    officer = Officer.objects.create(
        username=f"rehearsal-{secrets.token_hex(8)}", full_name=_OFFICER, office=office
    )
    RoleAssignment.objects.create(officer=officer, office=office, role=Role.FRONT_DESK)
    person = Applicant(
        identity_number=_NUMBER,
        full_name=_PERSON,
        commune=office.commune or Commune.objects.all()[0],
        phone=_PHONE,
        consents={Purpose.DOSSIER: True},
        may_rename=True,
    )
    published = ProcedureCase.objects.select_related("version__procedure").get(pk=case.pk)
    seen = look(take_in(new=NewDossier(case=published, applicant=person), officer=officer))
    transaction.set_rollback(True)
    return seen


def _counter(kinds: list[str]) -> Office:
    """A counter of the home kind of the procedure, the first by name, else any."""
    counters = Office.objects.in_force().exclude(subcode=None).select_related("commune", "parent")
    found = counters.filter(kind__in=kinds[:1]).first() or counters.first()
    if found is None:
        raise DomainError(_("No office receives dossiers yet."), code="office_missing")
    return found
