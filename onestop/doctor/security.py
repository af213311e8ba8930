"""Keys of personal data, and what an attacker or a citizen's browser would notice."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from django.conf import settings
from django.core.checks import Tags, run_checks
from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from common.fields import encrypted_columns, is_readable
from onestop.doctor.findings import Finding, fault, ok, warning
from onestop.launch import placeholders

_EXAMPLE = "example."
# What Django's findings mean here, in words that can be translated.
_MEANING = {
    "security.W004": _l("SECURE_COOKIES is off: browsers are not told to stay with HTTPS."),
    "security.W009": _l("SECRET_KEY is short or well known: sessions could be forged."),
    "security.W012": _l("SECURE_COOKIES is off: the cookie of a session travels unprotected."),
    "security.W016": _l("SECURE_COOKIES is off: the cookie of forms travels unprotected."),
    "security.W018": _l("DEBUG is on: visitors see the inside of the program."),
    "security.W020": _l("ALLOWED_HOSTS is empty: no page is answered."),
}


def keys() -> Iterator[Finding]:
    """They are keys, nobody else's, and open what is stored."""
    if not _are_keys():
        yield fault(
            _("FIELD_ENCRYPTION_KEYS holds something that is no key."),
            _("Make one as .env.example says; keep the old ones behind it."),
        )
        return
    if placeholders.NAMES["FIELD_ENCRYPTION_KEYS"] in settings.FIELD_ENCRYPTION_KEYS:
        yield fault(
            _("FIELD_ENCRYPTION_KEYS is a key that everybody knows."),
            _("Make one as .env.example says."),
        )
    columns = encrypted_columns()
    closed = [f"{table}.{column}" for table, column in columns if not _is_open(table, column)]
    if closed:
        yield fault(
            _("These keys do not open what is stored in %(names)s.") % {"names": ", ".join(closed)},
            _("Put the lost key back into FIELD_ENCRYPTION_KEYS, behind the first one."),
        )
    else:
        yield ok(_("The keys open what is stored."))


def deployment() -> Iterator[Finding]:
    """What `manage.py check --deploy` says of security."""
    if settings.DEMO:
        yield ok(_("A demo: no HTTPS, cookies for everybody on this machine."))
        return
    found = [
        message
        for message in run_checks(tags=[Tags.security], include_deployment_checks=True)
        if not message.is_silenced()
    ]
    for message in found:
        words = str(_MEANING.get(message.id or "") or " ".join(str(message.msg).split()))
        make = fault if settings.DEBUG or message.is_serious() else warning
        yield make(words, str(message.hint or _("See .env.example.")))
    if not found:
        yield ok(_("Nothing to complain about in the settings of security."))


def addresses() -> Iterator[Finding]:
    """The address in QR codes is one that is answered, over HTTPS."""
    public = urlsplit(settings.ONESTOP_PUBLIC_URL)
    host = public.hostname or ""
    troubles = False
    if "*" in settings.ALLOWED_HOSTS:
        troubles = True
        yield fault(_("ALLOWED_HOSTS holds *: any name is answered."), _("Name the hosts."))
    elif not _is_answered(host):
        troubles = True
        yield fault(
            _("%(host)s of ONESTOP_PUBLIC_URL is not in ALLOWED_HOSTS: its pages are refused.")
            % {"host": host},
            _("Add it to ALLOWED_HOSTS."),
        )
    if not settings.DEMO and (public.scheme != "https" or _EXAMPLE in host):
        troubles = True
        yield fault(
            _("ONESTOP_PUBLIC_URL is %(url)s: QR codes and messages would lead nowhere safe.")
            % {"url": settings.ONESTOP_PUBLIC_URL},
            _("Set the https address that citizens see."),
        )
    if not troubles:
        yield ok(_("Citizens are sent to %(url)s.") % {"url": settings.ONESTOP_PUBLIC_URL})


def _are_keys() -> bool:
    try:
        return bool([Fernet(key) for key in settings.FIELD_ENCRYPTION_KEYS])
    except ValueError:
        return False


def _is_open(table: str, column: str) -> bool:
    """Whether the newest value can be read; so it is where there is none."""
    name = connection.ops.quote_name
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {name(column)} FROM {name(table)} WHERE length({name(column)}) > 0 "
            "ORDER BY id DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return row is None or is_readable(row[0])


def _is_answered(host: str) -> bool:
    return any(
        host == known.strip("[]") or (known.startswith(".") and f".{host}".endswith(known))
        for known in settings.ALLOWED_HOSTS
    )
