"""Messages: do they leave, with which token and templates, and do receipts come back?

What counts as late is decided by `notifications.selectors.health`, for administrators too.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from cases.selectors.outbox import waiting_since
from common import clock
from notifications.labels import renewal_label
from notifications.models.zalo import TemplateStatus
from notifications.selectors import health
from notifications.selectors.health import TokenTrouble
from onestop.doctor.findings import Finding, ago, fault, ok, run, warning

_NAMED = 6
_SILENCE_S, _SILENCE_AFTER = 900.0, 100


def sending() -> Iterator[Finding]:
    """Nothing that is due lies about, and nothing is held back."""
    late = health.lanes_standing_still()
    for lane, late_s in late.items():
        yield fault(
            _("On the lane %(lane)s a message is due for %(ago)s and nobody sends it.")
            % {"lane": lane.value, "ago": ago(late_s)},
            _("See the findings on workers and token, then the log of that worker."),
        )
    untold_since = waiting_since()
    if untold_since is not None:
        waited_s = (clock.now() - untold_since).total_seconds()
        yield fault(
            _("A fact waits for %(ago)s to be turned into messages.") % {"ago": ago(waited_s)},
            _("Start a worker with --drain-lane, and read its log."),
        )
    for held in health.held_back():
        yield warning(
            _("Held back for %(ago)s: %(what)s (%(detail)s).")
            % {"ago": ago(held.since_s), "what": held.key, "detail": held.detail},
            _("Mend it at Zalo, then run: manage.py sync_templates"),
        )
    if not late and untold_since is None:
        yield ok(_("Nothing that is due has to wait."))


def tokens() -> Iterator[Finding]:
    """There is a pair, it is renewed in time, and the next renewal will work."""
    authorise = run("manage.py zalo_authorize")
    if not (settings.ZALO_APP_ID and settings.ZALO_APP_SECRET and settings.ZALO_OA_ID):
        yield fault(
            _("ZALO_APP_ID, ZALO_APP_SECRET or ZALO_OA_ID is not set."),
            _("Set them as Zalo's developer page shows them."),
        )
        return
    pair = health.token_health()
    if pair is None:
        yield fault(_("The Zalo account was never authorised."), authorise)
    elif pair.trouble is TokenTrouble.DEAD:
        yield fault(
            _("Zalo no longer takes the refresh token (%(result)s).")
            % {"result": renewal_label(pair.last_result)},
            authorise,
        )
    elif pair.trouble is TokenTrouble.EXPIRED:
        yield fault(
            _("The access token ended %(ago)s ago.") % {"ago": ago(-pair.left_s)},
            authorise
            if pair.age_s > health.REFRESH_LIFE_S
            else _("Start a worker with --drain-lane: it renews the token."),
        )
    elif pair.trouble is TokenTrouble.REFRESH_TOKEN_OLD:
        yield warning(
            _("The refresh token is %(ago)s old; Zalo takes it for three months.")
            % {"ago": ago(pair.age_s)},
            authorise,
        )
    elif pair.trouble is TokenTrouble.NOT_RENEWED:
        yield warning(
            _("The token is %(ago)s old and its renewal does not succeed (%(result)s).")
            % {"ago": ago(pair.age_s), "result": renewal_label(pair.last_result)},
            _("See whether Zalo can be reached; before it ends run: manage.py zalo_authorize"),
        )
    else:
        yield ok(
            _("The token (generation %(n)d) is %(ago)s old and lives for %(left)s.")
            % {"n": pair.generation, "ago": ago(pair.age_s), "left": ago(pair.left_s)}
        )


def templates() -> Iterator[Finding]:
    """Each template of the product is registered, enabled, and has the same parameters."""
    troubles = health.templates_in_trouble()
    learn = run("manage.py sync_templates")
    if missing := [trouble.name for trouble in troubles if not trouble.status]:
        yield fault(
            _("Not known at Zalo: %(names)s.") % {"names": _some(missing)},
            _("Submit them from notifications/zalo_templates.json, then: manage.py sync_templates"),
        )
    for trouble in troubles:
        if trouble.status and trouble.status != TemplateStatus.ENABLE:
            yield fault(
                _("The template %(name)s: %(status)s.")
                % {"name": trouble.name, "status": trouble.status.label},
                _("See the reason on Zalo's page of templates, then: manage.py sync_templates"),
            )
        elif trouble.problem:
            yield fault(
                _("The template %(name)s: %(status)s.")
                % {"name": trouble.name, "status": trouble.problem.rstrip(".")},
                learn,
            )
    if not troubles:
        yield ok(_("All templates are enabled and their parameters agree."))


def webhooks() -> Iterator[Finding]:
    """They are signed, they come, and they are worked on."""
    backlog, found = health.webhook_backlog(), health.receipts()
    if not settings.ZALO_OA_SECRET_KEY:
        yield fault(
            _("ZALO_OA_SECRET_KEY is not set: no webhook can be believed."),
            _("Set the secret key of the official account, not that of the application."),
        )
    if backlog.late_s is not None:
        yield fault(
            _("%(n)d webhooks wait to be worked on, the oldest for %(ago)s.")
            % {"n": backlog.waiting, "ago": ago(backlog.late_s)},
            _("Start the worker of the queue webhooks, and read its log."),
        )
    silent = found.last_verified_s is None or found.last_verified_s > _SILENCE_S
    if silent and found.accepted_in_15_min > _SILENCE_AFTER:
        yield fault(
            _("%(n)d messages were accepted in 15 minutes and no receipt came.")
            % {"n": found.accepted_in_15_min},
            _("See whether Zalo reaches %(url)s and whether the key is the right one.")
            % {"url": f"{settings.ONESTOP_PUBLIC_URL}/webhooks/zalo/"},
        )
    if backlog.parked:
        yield warning(
            _("%(n)d webhooks could not be understood.") % {"n": backlog.parked},
            _("See webhooks in the administration, those that are parked."),
        )
    if found.last_verified_s is None and settings.DEMO:
        yield ok(_("No webhook has come yet; the sandbox sends one for each message."))
    elif found.last_verified_s is None:
        yield warning(
            _("No webhook has ever come."),
            _("Enter %(url)s in Zalo's console.")
            % {"url": f"{settings.ONESTOP_PUBLIC_URL}/webhooks/zalo/"},
        )
    else:
        yield ok(_("The last webhook came %(ago)s ago.") % {"ago": ago(found.last_verified_s)})


def _some(names: list[str]) -> str:
    more = f" … (+{len(names) - _NAMED})" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
