"""The processes: one consumer for each queue, and beat."""

from collections.abc import Iterator

from celery import current_app
from django.conf import settings
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError

from notifications import pulse
from onestop.doctor.findings import Finding, ago, fault, ok

_ANSWER_S = 1.5
# The job comes each 15 s; a busy worker may let two of them expire.
_SILENT_S = 120.0


def workers() -> Iterator[Finding]:
    """Each queue has a worker that answers now."""
    try:
        with current_app.connection_for_write() as link:
            inspected = current_app.control.inspect(timeout=_ANSWER_S, connection=link)
            answers = inspected.active_queues() or {}
    except OperationalError as error:
        yield fault(
            _("Workers cannot be asked: %(reason)s.") % {"reason": str(error).rstrip(".")},
            _("Start Valkey, or correct REDIS_URL."),
        )
        return
    consumed = {queue["name"] for queues in answers.values() for queue in queues}
    alone = [name for name in settings.QUEUES if name not in consumed]
    if alone:
        yield fault(
            _("No worker answers for: %(queues)s.") % {"queues": ", ".join(alone)},
            _("Start the workers of processes.conf, and read their logs."),
        )
    if answers:
        yield ok(_("%(names)s answer.") % {"names": ", ".join(sorted(answers))})


def beat() -> Iterator[Finding]:
    """The schedule runs."""
    age = pulse.age_s()
    if age is None:
        yield fault(
            _("No periodic job has run since the broker started, or for a day."),
            _("Start beat (exactly one) and the worker of the queue periodic."),
        )
    elif age > _SILENT_S:
        yield fault(
            _("The last periodic job ran %(ago)s ago.") % {"ago": ago(age)},
            _("Start beat (exactly one) and the worker of the queue periodic."),
        )
    else:
        yield ok(_("The last periodic job ran %(ago)s ago.") % {"ago": ago(age)})
