"""Runs checks side by side, each with a limit, so that a server that hangs hides nothing else."""

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import DatabaseError, connections
from django.utils import translation
from django.utils.translation import gettext as _
from redis import RedisError

from onestop.doctor.findings import Finding, Level, fault, warning
from onestop.doctor.registry import Check

# A sentence about a server that hangs comes within 5 s.
LIMIT_S = 4.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Report:
    """The findings of one check; at least one."""

    check: Check
    findings: tuple[Finding, ...]

    @property
    def level(self) -> Level:
        return max(finding.level for finding in self.findings)


def run(checks: Sequence[Check], *, limit_s: float = LIMIT_S) -> Iterator[Report]:
    """The reports in the order of `checks`, in the active language.

    First those that need nothing, at the same time; then those that need a server that answered.
    """
    first = _side_by_side([check for check in checks if not check.needs], limit_s)
    down = {report.check.name for report in first if report.level is Level.FAULT}
    second = _side_by_side([c for c in checks if c.needs and not c.needs & down], limit_s)
    reports = {report.check.name: report for report in (*first, *second)}
    for check in checks:
        yield reports.get(check.name) or Report(check, (_left_out(check, checks, down),))


def _left_out(check: Check, checks: Sequence[Check], down: set[str]) -> Finding:
    first = [str(c.label) for c in checks if c.name in check.needs & down]
    return warning(_("Not checked; mend first: %(names)s.") % {"names": ", ".join(first)}, "")


def _side_by_side(checks: Sequence[Check], limit_s: float) -> list[Report]:
    running = [(check, _Running(check)) for check in checks]
    end = time.monotonic() + limit_s
    return [Report(check, run.findings_by(end)) for check, run in running]


class _Running:
    """One check on a thread of its own, which is left behind when it hangs."""

    def __init__(self, check: Check) -> None:
        self._check = check
        self._language = translation.get_language() or "en"
        self._findings: tuple[Finding, ...] = ()
        self._thread = threading.Thread(target=self._run, name=check.name, daemon=True)
        self._thread.start()

    def findings_by(self, end: float) -> tuple[Finding, ...]:
        self._thread.join(max(0.0, end - time.monotonic()))
        if self._thread.is_alive():
            return (
                fault(
                    _("No answer within %(n)d seconds.") % {"n": LIMIT_S},
                    _("See whether the server hangs or the machine is overloaded."),
                ),
            )
        return self._findings

    def _run(self) -> None:
        with translation.override(self._language):
            try:
                self._findings = tuple(self._check.run())
            except (DatabaseError, RedisError, OSError) as error:
                self._findings = (
                    fault(
                        _("The check could not be made: %(error)s.") % {"error": _first(error)},
                        _("See the other findings, and the log of that server."),
                    ),
                )
            except Exception as error:
                logger.exception("the check %s failed", self._check.name)
                self._findings = (
                    fault(
                        _("The check itself failed: %(error)s.") % {"error": repr(error)},
                        _("Tell those who maintain the portal."),
                    ),
                )
            finally:
                connections.close_all()


def _first(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".") if lines else type(error).__name__
