"""What a procedure must fulfil before it is published, from a file or from the administration."""

import re
from collections.abc import Collection, Sequence

from django.utils.translation import gettext as _

from cases.deadlines import Unit
from cases.procedure_content import (
    CaseContent,
    DocumentContent,
    FeeContent,
    StepContent,
    VersionContent,
)
from common.importing import Faults
from common.text import abbreviations
from offices.kinds import RECEIVING_KINDS, OfficeKind, Role

CHANNELS = ("counter", "online", "postal")
LEVELS = ("province", "commune")
STEP_ROLES = (Role.FRONT_DESK, Role.PROCESSOR, Role.LEADER, Role.CLERK)
DOCUMENT_KINDS = ("submit", "present")
FEE_KINDS = ("fee", "charge")
RESTART = "restart"
ON_RESUME = ("resume", RESTART)
_HOURS_A_DAY = 8
_SMALLEST_FEE_VND = 1000
_CODE = re.compile(r"\d\.\d{6}", re.ASCII)
_SLUG = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)
_LONGEST_VERSION = {
    "code": 40, "name": 400, "short_name": 60, "field": 120, "deciding_office": 80,
    "external_system": 120,
}  # fmt: skip
_LONGEST_STEP = {"key": 30, "name": 120, "office": 80, "parallel_group": 30}
_LONGEST_CASE = {"code": 80, "name": 300}
_LONGEST_DOCUMENT = {"key": 20, "short_name": 60}


def check(version: VersionContent, references: Collection[str], faults: Faults) -> None:
    """Adds a fault for each rule that the version breaks, by code, case, paper or step.

    `references` are the codes and kinds by which a step may name an office
    (`offices.selectors.tree.office_references`).
    """
    _check_head(version, references, faults)
    codes = [case.code for case in version.cases]
    faults.require(codes, version.code, _("there must be a case"))
    faults.require(len(set(codes)) == len(codes), version.code, _("codes of cases repeat"))
    for case in version.cases:
        _Case(version, case, references, faults).check()
    for step in version.steps:  # kept also where every case has steps of its own
        place = f"{version.code}, " + _("step") + f" {step.key}"
        _check_lengths(step, _LONGEST_STEP, place, faults)


def allowed_hours(case: CaseContent) -> int:
    """The working hours that the steps of a case may take together within its legal deadline."""
    amount = case.deadline_amount
    if case.deadline_unit == Unit.WORKING_HOURS:
        return amount
    if case.deadline_unit == Unit.CALENDAR_DAYS:
        return amount * 5 // 7 * _HOURS_A_DAY
    return amount * _HOURS_A_DAY


def longest_way(steps: Sequence[StepContent]) -> int:
    """Working hours from the first step to the last; of a parallel group the longest counts."""
    groups: dict[str, int] = {}
    total = 0
    for step in steps:
        if step.parallel_group:
            longest = max(groups.get(step.parallel_group, 0), step.working_hours)
            groups[step.parallel_group] = longest
        else:
            total += step.working_hours
    return total + sum(groups.values())


def _check_lengths(content: object, longest: dict[str, int], place: str, faults: Faults) -> None:
    for name, limit in longest.items():
        found = len(getattr(content, name))
        faults.require(
            found <= limit,
            place,
            _("%(column)s has %(found)d characters, at most %(longest)d")
            % {"column": name, "found": found, "longest": limit},
        )


def _check_short_name(short_name: str, place: str, faults: Faults) -> None:
    faults.require(short_name, place, _("%(column)s is empty") % {"column": "short_name"})
    words = abbreviations(short_name)
    faults.require(
        not words,
        place,
        _("short_name holds an abbreviation: %(words)s") % {"words": ", ".join(words)},
    )


def _check_head(version: VersionContent, references: Collection[str], faults: Faults) -> None:
    place = version.code
    faults.require(_CODE.fullmatch(version.code), place, _("the code is written as 1.001193"))
    _check_lengths(version, _LONGEST_VERSION, place, faults)
    _check_short_name(version.short_name, place, faults)
    faults.require(version.name, place, _("%(column)s is empty") % {"column": "name"})
    faults.require(
        version.result_documents, place, _("%(column)s is empty") % {"column": "result_documents"}
    )
    _check_one_of(version.level, LEVELS, "level", place, faults)
    _check_one_of(version.on_resume, ON_RESUME, "on_resume", place, faults)
    _check_all_of(version.channels, CHANNELS, "channels", place, faults)
    _check_all_of(version.receives, sorted(RECEIVING_KINDS), "receives", place, faults)
    faults.require(
        version.max_supplement_requests >= 1, place, _("papers may be requested at least once")
    )
    for column, limit in (("result_documents", 300), ("legal_basis", 60)):
        for text in getattr(version, column):
            faults.require(
                text and len(text) <= limit,
                place,
                _("%(column)s: 1 to %(longest)d characters each")
                % {"column": column, "longest": limit},
            )
    _check_office(version.deciding_office, references, place, faults)
    for office in version.other_deciding_offices:
        _check_office(office, {*references, *OfficeKind.values}, place, faults)


def _check_one_of(
    value: str, allowed: Collection[str], column: str, place: str, faults: Faults
) -> None:
    faults.require(
        value in allowed,
        place,
        _("%(column)s is %(value)s, must be one of: %(allowed)s")
        % {"column": column, "value": value or "–", "allowed": ", ".join(allowed)},
    )


def _check_all_of(
    values: Collection[str], allowed: Collection[str], column: str, place: str, faults: Faults
) -> None:
    faults.require(values, place, _("%(column)s is empty") % {"column": column})
    for value in values:
        _check_one_of(value, allowed, column, place, faults)


def _check_office(reference: str, references: Collection[str], place: str, faults: Faults) -> None:
    faults.require(
        reference in references,
        place,
        _("there is no one office for %(office)s") % {"office": reference or "–"},
    )


class _Case:
    """The checks of one case, which share its place and its version."""

    def __init__(
        self,
        version: VersionContent,
        case: CaseContent,
        references: Collection[str],
        faults: Faults,
    ) -> None:
        self._version = version
        self._case = case
        self._references = references
        self._faults = faults
        self._place = f"{version.code}, " + _("case") + f" {case.code}"

    def check(self) -> None:
        case, place, faults = self._case, self._place, self._faults
        faults.require(_SLUG.fullmatch(case.code), place, _("the code is a word of a-z, 0-9, -"))
        _check_lengths(case, _LONGEST_CASE, place, faults)
        for column in ("name", "documents", "fees"):
            faults.require(
                getattr(case, column), place, _("%(column)s is empty") % {"column": column}
            )
        self._check_deadline()
        keys = [document.key for document in case.documents]
        faults.require(len(set(keys)) == len(keys), place, _("keys of papers repeat"))
        for document in case.documents:
            self._check_document(document)
        for fee in case.fees:
            self._check_fee(fee)
        faults.require(
            {fee.channel for fee in case.fees} == set(self._version.channels),
            place,
            _("each channel needs a line of fees, also when it costs nothing"),
        )
        self._check_steps(self._version.steps_of(case))

    def _check_deadline(self) -> None:
        case = self._case
        _check_one_of(case.deadline_unit, Unit.values, "unit", self._place, self._faults)
        self._faults.require(
            0 < case.deadline_amount < 2**15, self._place, _("the deadline must be 1 or more")
        )
        self._faults.require(
            not case.same_day
            or (case.deadline_amount, case.deadline_unit) == (1, Unit.WORKING_DAYS),
            self._place,
            _("“same day” goes with 1 working day"),
        )

    def _check_document(self, document: DocumentContent) -> None:
        place = f"{self._place}, " + _("paper") + f" {document.key}"
        require = self._faults.require
        _check_lengths(document, _LONGEST_DOCUMENT, place, self._faults)
        _check_short_name(document.short_name, place, self._faults)
        require(_SLUG.fullmatch(document.key), place, _("the key is a word of a-z, 0-9, -"))
        require(
            document.name and document.name[-1] not in ";:,.-",
            place,
            _("the name is cut off: %(end)s") % {"end": document.name[-30:] or "–"},
        )
        _check_one_of(document.kind, DOCUMENT_KINDS, "kind", place, self._faults)
        require(document.originals + document.copies, place, _("neither original nor copy"))
        require(
            document.required or document.when,
            place,
            _("a paper that is not always required needs its condition"),
        )
        if document.channels is not None:
            _check_all_of(document.channels, CHANNELS, "channels", place, self._faults)

    def _check_fee(self, fee: FeeContent) -> None:
        place = f"{self._place}, " + _("fee") + f" {fee.channel}"
        _check_one_of(fee.channel, self._version.channels, "channel", place, self._faults)
        _check_one_of(fee.kind, FEE_KINDS, "kind", place, self._faults)
        if fee.amount_vnd is None:
            self._faults.require(fee.note, place, _("without an amount the note must say it"))
        else:
            self._faults.require(
                fee.amount_vnd == 0 or fee.amount_vnd >= _SMALLEST_FEE_VND,
                place,
                _("%(amount)d đồng is no amount: 0, or 1,000 and more")
                % {"amount": fee.amount_vnd},
            )

    def _check_steps(self, steps: Sequence[StepContent]) -> None:
        require, place = self._faults.require, self._place
        if not require(
            steps and steps[0].role == steps[-1].role == Role.FRONT_DESK,
            place,
            _("steps must begin and end at the front desk"),
        ):
            return
        keys = [step.key for step in steps]
        require(len(set(keys)) == len(keys), place, _("keys of steps repeat"))
        require(
            len(steps) > 1 and not steps[-1].parallel_group and not steps[0].parallel_group,
            place,
            _("the first and the last step stand alone"),
        )
        for step in steps:
            self._check_step(step)
        self._check_groups(steps)
        taken, allowed = longest_way(steps), allowed_hours(self._case)
        require(
            taken <= allowed,
            place,
            _("the steps take %(taken)d working hours, the deadline allows %(allowed)d")
            % {"taken": taken, "allowed": allowed},
        )

    def _check_step(self, step: StepContent) -> None:
        place = f"{self._place}, " + _("step") + f" {step.key}"
        _check_lengths(step, _LONGEST_STEP, place, self._faults)
        self._faults.require(
            _SLUG.fullmatch(step.key), place, _("the key is a word of a-z, 0-9, -")
        )
        self._faults.require(step.name, place, _("%(column)s is empty") % {"column": "name"})
        _check_one_of(step.role, STEP_ROLES, "role", place, self._faults)
        at_counter = step.role == Role.FRONT_DESK and step.office in RECEIVING_KINDS
        if not at_counter:
            _check_office(step.office, self._references, place, self._faults)
        self._faults.require(
            0 < step.working_hours < 2**15, place, _("a step takes 1 working hour or more")
        )

    def _check_groups(self, steps: Sequence[StepContent]) -> None:
        row = [step.parallel_group for step in steps]
        for group in dict.fromkeys(group for group in row if group):
            count = row.count(group)
            first = row.index(group)
            self._faults.require(
                count > 1 and set(row[first : first + count]) == {group},
                self._place,
                _("parallel group %(group)s: two steps or more, side by side") % {"group": group},
            )
