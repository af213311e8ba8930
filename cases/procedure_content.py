"""What a version of a procedure says, as plain values: read from a file or from the database."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.importing import Faults
from common.text import nfc

MOST_IN_A_LIST = 10_000
"""Procedures of a file, cases of a version and so on: beyond, it is no catalogue of a province."""


@dataclass(frozen=True)
class StepContent:
    """A step; `office` is a code or a kind, hours are working hours, "" is no parallel group."""

    key: str
    name: str
    office: str
    role: str
    working_hours: int
    parallel_group: str


@dataclass(frozen=True)
class FeeContent:
    """A fee for one channel in đồng; None: the note decides."""

    channel: str
    kind: str
    amount_vnd: int | None
    note: str


@dataclass(frozen=True)
class DocumentContent:
    """A paper of a case; `channels` None means all."""

    key: str
    name: str
    short_name: str
    originals: int
    copies: int
    kind: str
    required: bool
    when: str
    from_database: bool
    channels: tuple[str, ...] | None


@dataclass(frozen=True)
class CaseContent:
    """A case with its own deadline, papers and fees; without steps those of the version count."""

    code: str
    name: str
    deadline_amount: int
    deadline_unit: str
    same_day: bool
    note: str
    documents: tuple[DocumentContent, ...]
    fees: tuple[FeeContent, ...]
    steps: tuple[StepContent, ...]


@dataclass(frozen=True)
class VersionContent:
    """Everything that a version says to people and to the workflow."""

    code: str
    name: str
    short_name: str
    field: str
    level: str
    receives: tuple[str, ...]
    deciding_office: str
    other_deciding_offices: tuple[str, ...]
    external_system: str
    result_documents: tuple[str, ...]
    channels: tuple[str, ...]
    max_supplement_requests: int
    supplement_within_days: int | None
    on_resume: str
    legal_basis: tuple[str, ...]
    cases: tuple[CaseContent, ...]
    steps: tuple[StepContent, ...]

    def steps_of(self, case: CaseContent) -> tuple[StepContent, ...]:
        """The steps by which this case is processed."""
        return case.steps or self.steps


@dataclass(frozen=True)
class _Kind:
    """A type that a value of the file may have, with its name in words."""

    name: str
    test: Any


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**15


def _is_amount(value: object) -> bool:
    return type(value) is int and 0 <= value < 2**31


def _is_list(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST_IN_A_LIST


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _or_null(kind: _Kind) -> _Kind:
    return _Kind(f"{kind.name} | null", lambda value: value is None or kind.test(value))


_TEXT = _Kind("text", _is_text)
_NUMBER = _Kind("0 … 32767", _is_number)
_AMOUNT = _Kind("0 … 2147483647", _is_amount)
_FLAG = _Kind("true | false", lambda value: isinstance(value, bool))
_TEXTS = _Kind("[text]", _is_texts)
_LIST = _Kind(f"[…] ≤ {MOST_IN_A_LIST}", _is_list)
_OBJECT = _Kind("{…}", lambda value: isinstance(value, dict))
_ANY = _Kind("…", lambda value: True)

Shape = Mapping[str, _Kind]

PROVENANCE = (
    "code_local", "legal_basis_source", "promulgated_by", "source", "portal_record_updated",
    "portal_durations", "portal_cases", "confidence", "note", "assumed", "mended",
)  # fmt: skip
FILE: Shape = {"procedures": _LIST}
FILE_OPTIONAL: Shape = dict.fromkeys(("version", "generated", "province_code", "notes"), _ANY)
_VERSION: Shape = {
    "code": _TEXT,
    "name": _TEXT,
    "short_name": _TEXT,
    "field": _TEXT,
    "level": _TEXT,
    "receives": _TEXTS,
    "deciding_office": _TEXT,
    "other_deciding_offices": _TEXTS,
    "external_system": _or_null(_TEXT),
    "result_documents": _TEXTS,
    "channels": _TEXTS,
    "max_supplement_requests": _NUMBER,
    "supplement_within_days": _or_null(_NUMBER),
    "on_resume": _TEXT,
    "cases": _LIST,
    "steps": _LIST,
    "legal_basis": _TEXTS,
}
_VERSION_OPTIONAL: Shape = dict.fromkeys(PROVENANCE, _ANY)
_CASE: Shape = {
    "code": _TEXT,
    "name": _TEXT,
    "deadline": _OBJECT,
    "documents": _LIST,
    "fees": _LIST,
}
_CASE_OPTIONAL: Shape = {"steps": _LIST, "note": _TEXT}
_DEADLINE: Shape = {"amount": _NUMBER, "unit": _TEXT, "same_day": _FLAG}
_DOCUMENT: Shape = {
    "key": _TEXT,
    "name": _TEXT,
    "short_name": _TEXT,
    "originals": _NUMBER,
    "copies": _NUMBER,
    "kind": _TEXT,
    "required": _FLAG,
    "when": _or_null(_TEXT),
    "from_database": _FLAG,
    "channels": _or_null(_TEXTS),
}
_DOCUMENT_OPTIONAL: Shape = {"name_shortened": _FLAG}
_FEE: Shape = {
    "channel": _TEXT,
    "kind": _TEXT,
    "amount_vnd": _or_null(_AMOUNT),
    "note": _or_null(_TEXT),
}
_STEP: Shape = {
    "key": _TEXT,
    "name": _TEXT,
    "office": _TEXT,
    "role": _TEXT,
    "working_hours": _NUMBER,
    "parallel_group": _or_null(_TEXT),
}


def normalized(value: Any) -> Any:
    """A value of JSON with every text in NFC and without stray white space, at any depth."""
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, list):
        return [normalized(item) for item in value]
    if isinstance(value, dict):
        return {nfc(key): normalized(item) for key, item in value.items()}
    return value


def digest_of(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a normalized entry: equal content, equal digest."""
    text = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def has_shape(
    value: Any, shape: Shape, place: str, faults: Faults, *, optional: Shape | None = None
) -> bool:
    """True for an object with these keys of these types and no others; else faults at `place`."""
    if not isinstance(value, dict):
        faults.add(place, _("must be an object {…}"))
        return False
    before = len(faults.found)
    known = {**shape, **(optional or {})}
    for key in sorted(set(value) - set(known)):
        faults.add(place, _("unknown key: %(key)s") % {"key": key})
    for key in (key for key in shape if key not in value):
        faults.add(place, _("missing key: %(key)s") % {"key": key})
    for key, kind in known.items():
        if key in value and not kind.test(value[key]):
            faults.add(
                place, _("%(key)s must be of type %(type)s") % {"key": key, "type": kind.name}
            )
    return len(faults.found) == before


def version_content(entry: Any, place: str, faults: Faults) -> VersionContent | None:
    """The content of one normalized entry of procedures.json, or None with faults.

    Only shapes are checked here; what the values must mean is in `cases.procedure_rules`.
    """
    if not has_shape(entry, _VERSION, place, faults, optional=_VERSION_OPTIONAL):
        return None
    before = len(faults.found)
    cases = [_case(case, _numbered(place, _("case"), case, "code", n), faults)
             for n, case in enumerate(entry["cases"], 1)]  # fmt: skip
    steps = _steps(entry["steps"], place, faults)
    if len(faults.found) > before:
        return None
    plain = {key: entry[key] for key in _VERSION if _VERSION[key] is not _LIST}
    return VersionContent(
        **{key: tuple(v) if isinstance(v, list) else v for key, v in plain.items()}
        | {"external_system": entry["external_system"] or ""},
        cases=tuple(case for case in cases if case),
        steps=steps,
    )


def _numbered(place: str, noun: str, value: Any, key: str, number: int) -> str:
    """Where in the file: the name that the object gives itself, else its number."""
    name = value.get(key) if isinstance(value, dict) else None
    return f"{place}, {noun} {name if isinstance(name, str) and name else number}"


def _case(value: Any, place: str, faults: Faults) -> CaseContent | None:
    if not has_shape(value, _CASE, place, faults, optional=_CASE_OPTIONAL):
        return None
    before = len(faults.found)
    deadline = value["deadline"]
    has_shape(deadline, _DEADLINE, f"{place}, deadline", faults)
    documents = [
        document
        for n, item in enumerate(value["documents"], 1)
        if (document := _document(item, _numbered(place, _("paper"), item, "key", n), faults))
    ]
    fees = [
        fee
        for n, item in enumerate(value["fees"], 1)
        if (fee := _fee(item, _numbered(place, _("fee"), item, "channel", n), faults))
    ]
    steps = _steps(value.get("steps", []), place, faults)
    if len(faults.found) > before:
        return None
    return CaseContent(
        code=value["code"],
        name=value["name"],
        deadline_amount=deadline["amount"],
        deadline_unit=deadline["unit"],
        same_day=deadline["same_day"],
        note=value.get("note", ""),
        documents=tuple(documents),
        fees=tuple(fees),
        steps=steps,
    )


def _document(value: Any, place: str, faults: Faults) -> DocumentContent | None:
    if not has_shape(value, _DOCUMENT, place, faults, optional=_DOCUMENT_OPTIONAL):
        return None
    channels = value["channels"]
    return DocumentContent(
        **{key: value[key] for key in _DOCUMENT if key not in ("when", "channels")},
        when=value["when"] or "",
        channels=None if channels is None else tuple(channels),
    )


def _fee(value: Any, place: str, faults: Faults) -> FeeContent | None:
    if not has_shape(value, _FEE, place, faults):
        return None
    return FeeContent(value["channel"], value["kind"], value["amount_vnd"], value["note"] or "")


def _steps(values: list[Any], place: str, faults: Faults) -> tuple[StepContent, ...]:
    steps = []
    for number, value in enumerate(values, 1):
        at = _numbered(place, _("step"), value, "key", number)
        if has_shape(value, _STEP, at, faults):
            steps.append(
                StepContent(
                    **{key: value[key] for key in _STEP if key != "parallel_group"},
                    parallel_group=value["parallel_group"] or "",
                )
            )
    return tuple(steps)


def entry_of(content: VersionContent) -> dict[str, Any]:
    """The entry of procedures.json that says the same: `version_content` reads it back."""
    entry = {key: _plain(getattr(content, key)) for key in _VERSION if key != "cases"}
    entry["external_system"] = content.external_system or None
    entry["steps"] = [_step_entry(step) for step in content.steps]
    entry["cases"] = [_case_entry(case) for case in content.cases]
    return entry


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _step_entry(step: StepContent) -> dict[str, Any]:
    return asdict(step) | {"parallel_group": step.parallel_group or None}


def _case_entry(case: CaseContent) -> dict[str, Any]:
    entry: dict[str, Any] = {"code": case.code, "name": case.name}
    entry["deadline"] = {
        "amount": case.deadline_amount,
        "unit": case.deadline_unit,
        "same_day": case.same_day,
    }
    entry["documents"] = [
        {key: _plain(value) for key, value in asdict(document).items()}
        | {"when": document.when or None}
        for document in case.documents
    ]
    entry["fees"] = [asdict(fee) | {"note": fee.note or None} for fee in case.fees]
    entry["steps"] = [_step_entry(step) for step in case.steps]
    return entry | ({"note": case.note} if case.note else {})
