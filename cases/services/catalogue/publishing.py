"""A version becomes a draft, a draft becomes the version by which dossiers are received."""

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Procedure, ProcedureVersion
from cases.models.procedure import VersionState
from cases.procedure_rules import check
from cases.services.catalogue.rows import read_version, write_draft
from common import clock
from common.errors import DomainError
from common.importing import Faults
from offices.models import Officer
from offices.selectors.tree import office_references

BASED_ON = "based_on"
"""Key of a draft's provenance: the number of the version that it was copied from."""


@transaction.atomic
def create_draft(version: ProcedureVersion) -> ProcedureVersion:
    """A draft that says what `version` says, ready to be changed in the administration.

    Locks the procedure. Raises DomainError (409) when the procedure has a draft already.
    """
    procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=version.procedure_id)
    existing = procedure.versions.filter(state=VersionState.DRAFT).first()
    if existing is not None:
        raise DomainError(
            _("%(procedure)s already has a draft, version %(number)d. Change or delete that one.")
            % {"procedure": procedure.code, "number": existing.number},
            code="draft_exists",
            status=409,
        )
    provenance = {**version.provenance, BASED_ON: version.number}
    return write_draft(procedure, read_version(version), provenance=provenance)


@transaction.atomic
def publish(draft: ProcedureVersion, *, officer: Officer | None) -> ProcedureVersion:
    """Makes the draft the version by which dossiers are received from now on.

    Dossiers received before keep theirs. Locks the procedure and the version: a change of the
    draft in another transaction counts or is refused, it never slips in. Raises DomainError: 409
    when the draft is published already or another version was published after it was copied, 400
    with every rule that it breaks in `reasons`.
    """
    procedure = Procedure.objects.select_for_update(of=("self",)).get(pk=draft.procedure_id)
    versions = ProcedureVersion.objects.select_related("procedure")
    version = versions.select_for_update(of=("self",)).get(pk=draft.pk)
    _require_publishable(procedure, version)
    if problems := problems_of(version):
        raise DomainError(
            _("The version cannot be published yet."), code="not_publishable", reasons=problems
        )
    version.state = VersionState.PUBLISHED
    version.published_at = clock.now()
    version.published_by = officer
    version.save(update_fields=["state", "published_at", "published_by", "search_text"])
    procedure.current = version
    procedure.save(update_fields=["current"])
    return version


def problems_of(version: ProcedureVersion) -> list[str]:
    """Every rule that the version breaks, in words; none when it may be published."""
    faults = Faults()
    check(read_version(version), office_references(), faults)
    return [str(fault) for fault in faults.found]


def _require_publishable(procedure: Procedure, version: ProcedureVersion) -> None:
    if version.is_published:
        raise DomainError(
            _("Version %(number)d is published already.") % {"number": version.number},
            code="already_published",
            status=409,
        )
    based_on = version.provenance.get(BASED_ON)
    current = procedure.current
    if current is not None and based_on is not None and current.number != based_on:
        raise DomainError(
            _(
                "The draft was made from version %(old)d, but version %(new)d was published since."
                " Delete the draft and make a new one from that version."
            )
            % {"old": based_on, "new": current.number},
            code="stale_draft",
            status=409,
        )
