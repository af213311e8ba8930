"""All checks, in the order in which they are told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onestop.doctor import installation, messages, processes, security, servers
from onestop.doctor.findings import Finding


@dataclass(frozen=True)
class Check:
    """A named check. `needs` names the checks without whose success it means nothing."""

    name: str
    label: Promise
    run: Callable[[], Iterable[Finding]]
    needs: frozenset[str] = field(default_factory=frozenset)


_DATABASE = frozenset({"database"})
_BROKER = frozenset({"broker"})

CHECKS = (
    Check("database", _("database"), servers.database),
    Check("database-settings", _("database settings"), servers.database_settings, _DATABASE),
    Check("migrations", _("tables"), servers.migrations, _DATABASE),
    Check("broker", _("broker"), servers.broker),
    Check("broker-settings", _("broker settings"), servers.broker_settings, _BROKER),
    Check("workers", _("workers"), processes.workers, _BROKER),
    Check("beat", _("beat"), processes.beat, _BROKER),
    Check("sending", _("sending"), messages.sending, _DATABASE),
    Check("tokens", _("Zalo token"), messages.tokens, _DATABASE),
    Check("templates", _("Zalo templates"), messages.templates, _DATABASE),
    Check("webhooks", _("webhooks"), messages.webhooks, _DATABASE),
    Check("clock", _("time"), installation.time_of_day, _DATABASE),
    Check("calendar", _("calendar"), installation.calendar, _DATABASE),
    Check("keys", _("keys of personal data"), security.keys, _DATABASE),
    Check("security", _("security"), security.deployment),
    Check("addresses", _("addresses"), security.addresses),
    Check("printing", _("printed forms"), installation.printing),
    Check("translations", _("translations"), installation.translations),
    Check("static-files", _("static files"), installation.static_files),
    Check("folder", _("folder of the state"), installation.folder),
)
