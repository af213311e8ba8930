"""`manage.py doctor`."""

import json
import sys
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from onestop.doctor.findings import Level
from onestop.doctor.registry import CHECKS
from onestop.doctor.running import Report, run

_WIDTH = 24


class Command(BaseCommand):
    help = (
        "Says what is wrong with this installation and how to mend it. Ends with 0 when all is in "
        "order, 1 after warnings, 2 after faults; never takes longer than some seconds."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print one JSON object.")
        parser.add_argument(
            "--language",
            choices=[code for code, _name in settings.LANGUAGES],
            default=settings.LANGUAGE_CODE,
            help="Language of the sentences (default %(default)s).",
        )

    def handle(self, *args: Any, json: bool, language: str, **options: Any) -> None:
        with translation.override(language):
            reports = list(run(CHECKS))
            text = _as_json(reports) if json else _as_text(reports)
        self.stdout.write(text)
        self.stdout.flush()
        sys.exit(_worst(reports))


def _worst(reports: Sequence[Report]) -> Level:
    return max(report.level for report in reports)


def _as_json(reports: Sequence[Report]) -> str:
    checks = [
        {
            "check": report.check.name,
            "level": finding.level.name.lower(),
            "sentence": finding.sentence,
            "remedy": finding.remedy,
        }
        for report in reports
        for finding in _told(report)
    ]
    whole = {"level": _worst(reports).name.lower(), "findings": checks}
    return json.dumps(whole, ensure_ascii=False, indent=2)


def _as_text(reports: Sequence[Report]) -> str:
    words = {Level.OK: _("in order"), Level.WARNING: _("warning"), Level.FAULT: _("FAULT")}
    indent = max(map(len, words.values())) + 2
    lines = []
    for report in reports:
        for finding in _told(report):
            head = f"{words[finding.level].ljust(indent)}{str(report.check.label).ljust(_WIDTH)}"
            lines.append(f"{head}{finding.sentence}")
            if finding.remedy:
                lines.append(f"{'':{indent + _WIDTH}}→ {finding.remedy}")
    levels = [report.level for report in reports]
    faults, warnings = levels.count(Level.FAULT), levels.count(Level.WARNING)
    lines.append("")
    lines.append(
        ngettext("%(n)d check with a fault", "%(n)d checks with faults", faults) % {"n": faults}
        + ", "
        + ngettext("%(n)d with a warning", "%(n)d with warnings", warnings) % {"n": warnings}
        + ", "
        + _("%(n)d in order.") % {"n": len(levels) - faults - warnings}
    )
    return "\n".join(lines)


def _told(report: Report) -> list[Any]:
    """What is wrong; where nothing is, what is right."""
    wrong = [finding for finding in report.findings if finding.level is not Level.OK]
    return wrong or list(report.findings)[-1:]
