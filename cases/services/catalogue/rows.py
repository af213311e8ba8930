"""Between the rows of a version and its content as plain values, in both directions."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from cases.models import (
    Fee,
    Procedure,
    ProcedureCase,
    ProcedureStep,
    ProcedureVersion,
    RequiredDocument,
)
from cases.procedure_content import (
    CaseContent,
    DocumentContent,
    FeeContent,
    StepContent,
    VersionContent,
)

_HEAD = (
    "name", "short_name", "field", "level", "deciding_office", "external_system",
    "max_supplement_requests", "supplement_within_days", "on_resume",
)  # fmt: skip
_LISTS = (
    "receives", "other_deciding_offices", "result_documents", "channels", "legal_basis",
)  # fmt: skip
_CASE = ("code", "name", "deadline_amount", "deadline_unit", "same_day", "note")
_DOCUMENT = (
    "key", "name", "short_name", "originals", "copies", "kind", "required", "when",
    "from_database",
)  # fmt: skip
_FEE = ("channel", "kind", "amount_vnd", "note")
_STEP = ("key", "name", "office", "role", "working_hours", "parallel_group")


def read_version(version: ProcedureVersion) -> VersionContent:
    """Everything that the version says; five queries."""
    steps: dict[int | None, list[StepContent]] = {}
    for step in version.steps.order_by("position"):
        steps.setdefault(step.case_id, []).append(StepContent(**_values(step, _STEP)))
    cases = version.cases.order_by("position").prefetch_related("documents", "fees")
    lists: dict[str, Any] = {name: tuple(getattr(version, name) or ()) for name in _LISTS}
    return VersionContent(
        code=version.procedure.code,
        **_values(version, _HEAD),
        **lists,
        cases=tuple(_read_case(case, steps.get(case.pk, [])) for case in cases),
        steps=tuple(steps.get(None, [])),
    )


def _read_case(case: ProcedureCase, steps: Iterable[StepContent]) -> CaseContent:
    return CaseContent(
        **_values(case, _CASE),
        documents=tuple(
            DocumentContent(
                **_values(row, _DOCUMENT),
                channels=None if row.channels is None else tuple(row.channels),
            )
            for row in case.documents.all()
        ),
        fees=tuple(FeeContent(**_values(row, _FEE)) for row in case.fees.all()),
        steps=tuple(steps),
    )


def write_draft(
    procedure: Procedure,
    content: VersionContent,
    *,
    provenance: Mapping[str, Any],
    content_digest: str = "",
) -> ProcedureVersion:
    """A draft with this content and the next number. The procedure's row must be locked."""
    last = procedure.versions.order_by("-number").first()
    version = ProcedureVersion.objects.create(
        procedure=procedure,
        number=last.number + 1 if last else 1,
        **{name: getattr(content, name) for name in _HEAD},
        **{name: list(getattr(content, name)) for name in _LISTS},
        provenance=dict(provenance),
        content_digest=content_digest,
    )
    cases = ProcedureCase.objects.bulk_create(
        ProcedureCase(
            version=version,
            position=position,
            **{name: getattr(case, name) for name in _CASE},
        )
        for position, case in enumerate(content.cases, 1)
    )
    pairs = list(zip(cases, content.cases, strict=True))
    RequiredDocument.objects.bulk_create(
        RequiredDocument(
            case=case,
            position=position,
            **asdict(document)
            | {"channels": None if document.channels is None else list(document.channels)},
        )
        for case, said in pairs
        for position, document in enumerate(said.documents, 1)
    )
    Fee.objects.bulk_create(
        Fee(case=case, position=position, **asdict(fee))
        for case, said in pairs
        for position, fee in enumerate(said.fees, 1)
    )
    ProcedureStep.objects.bulk_create(
        ProcedureStep(version=version, case=case, position=position, **asdict(step))
        for case, steps in [(None, content.steps), *((c, said.steps) for c, said in pairs)]
        for position, step in enumerate(steps, 1)
    )
    return version


def _values(row: Any, names: Iterable[str]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}
