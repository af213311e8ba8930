"""Takes procedures of a file over as published versions (`manage.py import_procedures`)."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import Procedure, ProcedureVersion
from cases.models.procedure import VersionState
from cases.procedure_content import (
    FILE,
    FILE_OPTIONAL,
    PROVENANCE,
    VersionContent,
    digest_of,
    has_shape,
    normalized,
    version_content,
)
from cases.procedure_rules import check
from cases.services.catalogue.comparing import differences
from cases.services.catalogue.rows import read_version, write_draft
from common import clock
from common.importing import Fault, Faults, ImportRefused, ImportReport, read_text
from offices.selectors.tree import office_references


@dataclass(frozen=True)
class _Entry:
    """One procedure of the file."""

    content: VersionContent
    digest: str
    provenance: Mapping[str, Any]


@transaction.atomic
def import_procedures(path: Path) -> ImportReport:
    """Publishes a new version of each procedure that the file says differently than the last time.

    What was published in the administration since stays current as long as the file says the same,
    and what is in force already is not published again.
    Raises ImportRefused with every fault by procedure, case, paper and step; nothing is written
    then.
    """
    faults = Faults()
    entries = _read(path, faults)
    references = office_references()
    for entry in entries:
        check(entry.content, references, faults)
        _check_joined(entry.content, faults)
    faults.refuse_if_any()
    procedures = {p.code: p for p in Procedure.objects.select_for_update(of=("self",))}
    last = _last_imported()
    report = ImportReport()
    for entry in entries:
        _import(entry, procedures.get(entry.content.code), last, faults, report)
    faults.refuse_if_any()
    return report


def _read(path: Path, faults: Faults) -> list[_Entry]:
    try:
        data = normalized(json.loads(read_text(path), parse_constant=_refuse_constant))
    except json.JSONDecodeError as error:
        place = f"{path.name}:{error.lineno}:{error.colno}"
        reason = _("not JSON: %(error)s") % {"error": error.msg}
        raise ImportRefused([Fault(place, reason)]) from None
    except RecursionError:
        raise ImportRefused([Fault(path.name, _("not JSON: nested too deeply"))]) from None
    except ValueError:  # NaN and its like, and an integer of thousands of digits
        raise ImportRefused([Fault(path.name, _("not JSON: a number that is none"))]) from None
    if not has_shape(data, FILE, path.name, faults, optional=FILE_OPTIONAL):
        raise ImportRefused(faults.found)
    entries = []
    for number, value in enumerate(data["procedures"], 1):
        code = value.get("code") if isinstance(value, dict) else None
        place = code if isinstance(code, str) and code else f"{path.name}, {number}"
        content = version_content(value, place, faults)
        if content is not None:
            entries.append(_Entry(content, digest_of(value), _provenance(value)))
    for code, times in Counter(entry.content.code for entry in entries).items():
        faults.require(times == 1, code, _("the procedure stands %(n)d times") % {"n": times})
    return entries


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _provenance(value: Mapping[str, Any]) -> dict[str, Any]:
    """Where the facts come from, kept for the person who must confirm them."""
    shortened = [
        f"{case['code']} {document['key']}"
        for case in value["cases"]
        for document in case["documents"]
        if document.get("name_shortened")
    ]
    kept = {key: value[key] for key in PROVENANCE if key in value}
    return kept | {"names_shortened": shortened}


def _check_joined(content: VersionContent, faults: Faults) -> None:
    """Land and inter-agency procedures run through several agencies at once (data/README.md)."""
    if content.field != "Đất đai" and "liên thông" not in content.field:
        return
    for case in content.cases:
        faults.require(
            any(step.parallel_group for step in content.steps_of(case)),
            f"{content.code}, " + _("case") + f" {case.code}",
            _("needs parallel steps: several agencies take part"),
        )


def _last_imported() -> dict[str, ProcedureVersion]:
    """Per code the newest version that came from a file; drafts of officers have no digest."""
    rows = ProcedureVersion.objects.exclude(content_digest="").select_related("procedure")
    return {row.procedure.code: row for row in rows.order_by("number")}


def _says_the_same(procedure: Procedure, content: VersionContent) -> bool:
    """Whether that is in force already, whoever published it and from which file."""
    return procedure.current is not None and read_version(procedure.current) == content


def _import(
    entry: _Entry,
    procedure: Procedure | None,
    last: Mapping[str, ProcedureVersion],
    faults: Faults,
    report: ImportReport,
) -> None:
    code = entry.content.code
    before = last.get(code)
    is_as_last_time = bool(before and before.content_digest == entry.digest)
    if procedure and (is_as_last_time or _says_the_same(procedure, entry.content)):
        report.unchanged += 1
        if before and is_as_last_time and procedure.current_id != before.pk:
            report.notes.append(
                _("%(code)s: the version published in the administration stays current.")
                % {"code": code}
            )
        return
    if procedure is None:
        procedure = Procedure.objects.create(code=code)
        report.created.append(code)
    else:
        draft = procedure.versions.filter(state=VersionState.DRAFT).first()
        if draft is not None:
            faults.add(code, _("has a draft in the administration; publish or delete it first"))
            return
    version = write_draft(
        procedure, entry.content, provenance=entry.provenance, content_digest=entry.digest
    )
    changes = differences(version) if code not in report.created else []
    version.state = VersionState.PUBLISHED
    version.published_at = clock.now()
    version.save(update_fields=["state", "published_at"])
    procedure.current = version
    procedure.save(update_fields=["current"])
    if code not in report.created:
        place = _("%(code)s: version %(n)d") % {"code": code, "n": version.number}
        report.add_change(place, [(d.place, d.before, d.after) for d in changes])
