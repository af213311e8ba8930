"""The doctor: each fault is caused, found, and told with what to do about it."""

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.conf import settings as configured
from django.core.cache import cache
from django.db import connection
from django.db.models.functions import Now
from django.utils import translation
from pytest_django import Settings

from cases.models import Dossier
from common.fields import encrypted_columns
from notifications import pulse
from notifications.channels.oauth import Pair
from notifications.models import (
    Delivery,
    DeliveryAttempt,
    Notification,
    WebhookInbox,
    ZaloAccount,
    ZaloTemplate,
)
from notifications.models.zalo import TemplateStatus, TokenStatus
from notifications.services import holds, tokens
from notifications.states import Why
from notifications.tests.engine import add_templates
from offices.models import CalendarDay
from onestop.doctor import installation, messages, processes, running, security, servers
from onestop.doctor.findings import Finding, Level, ago, ok
from onestop.doctor.registry import CHECKS, Check

OA_ID = "5520000000000000002"


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def _told(check: Callable[[], Iterable[Finding]], level: Level) -> str:
    """All sentences and remedies of that level."""
    found = [finding for finding in check() if finding.level is level]
    return "\n".join(f"{finding.sentence} {finding.remedy}" for finding in found)


def _is_well(check: Callable[[], Iterable[Finding]]) -> bool:
    return {finding.level for finding in check()} == {Level.OK}


# ---- messages ------------------------------------------------------------------------------------
@pytest.fixture
def account(db: None, settings: Settings) -> ZaloAccount:
    """An authorised account with all templates."""
    settings.ZALO_OA_ID = settings.ZALO_APP_ID = OA_ID
    settings.ZALO_APP_SECRET = settings.ZALO_OA_SECRET_KEY = "for tests"
    tokens.store_first_pair(Pair("AT1", "RT1", 90_000))
    account = ZaloAccount.objects.get()
    add_templates(account)
    return account


def test_an_account_in_order_is_not_complained_about(account: ZaloAccount) -> None:
    assert _is_well(messages.tokens)
    assert _is_well(messages.templates)
    assert _is_well(messages.sending)


def test_an_account_that_was_never_authorised_is_told(db: None, settings: Settings) -> None:
    settings.ZALO_OA_ID = ""
    assert "ZALO_APP_ID" in _told(messages.tokens, Level.FAULT)
    settings.ZALO_OA_ID = settings.ZALO_APP_ID = settings.ZALO_APP_SECRET = "1"
    assert "manage.py zalo_authorize" in _told(messages.tokens, Level.FAULT)


@pytest.mark.parametrize(
    ("status", "age", "left", "level", "words"),
    [
        (TokenStatus.DEAD, 3600, 80_000, Level.FAULT, "no longer takes the refresh token"),
        (TokenStatus.OK, 100_000, -7300, Level.FAULT, "ended 2 hours ago"),
        (TokenStatus.OK, 87_000, 3000, Level.WARNING, "renewal does not succeed"),
        (TokenStatus.SUSPECT, 72_000, 18_000, Level.WARNING, "renewal does not succeed"),
        (TokenStatus.OK, 70 * 86_400, 3000, Level.WARNING, "three months"),
        (TokenStatus.OK, 95 * 86_400, -3000, Level.FAULT, "manage.py zalo_authorize"),
    ],
)
def test_a_token_in_trouble_is_told(
    status: TokenStatus, age: int, left: int, level: Level, words: str, account: ZaloAccount
) -> None:
    ZaloAccount.objects.update(
        status=status,
        obtained_at=Now() - timedelta(seconds=age),
        expires_at=Now() + timedelta(seconds=left),
    )
    assert words in _told(messages.tokens, level)


def test_templates_in_trouble_are_told_by_name(account: ZaloAccount) -> None:
    ZaloTemplate.objects.filter(name="received").update(status=TemplateStatus.DISABLE)
    ZaloTemplate.objects.filter(name="ready").update(problem="Zalo's version lacks han.")
    ZaloTemplate.objects.filter(name="supplement").delete()
    told = _told(messages.templates, Level.FAULT)
    assert "received: disabled" in told
    assert "ready: Zalo's version lacks han." in told
    assert "Not known at Zalo: supplement." in told


def _due_for_20_minutes(dossier: Dossier, lane: str) -> Delivery:
    notification = Notification.objects.create(
        source="dossier", event_id=1, kind="received", recipient_key="c1", dossier=dossier
    )
    return Delivery.objects.create(
        notification=notification,
        channel="zalo_user",
        kind="received",
        lane=lane,
        priority=3,
        recipient_key="c1",
        due_at=Now() - timedelta(minutes=20),
        expires_at=Now() + timedelta(days=1),
    )


def test_nobody_sends_is_told_by_lane(account: ZaloAccount, dossier: Dossier) -> None:
    _due_for_20_minutes(dossier, "personal")
    assert "lane personal a message is due for 20 minutes" in _told(messages.sending, Level.FAULT)


def test_a_long_bulk_run_is_no_fault_while_requests_leave(
    account: ZaloAccount, dossier: Dossier
) -> None:
    delivery = _due_for_20_minutes(dossier, "bulk")
    assert "lane bulk" in _told(messages.sending, Level.FAULT)
    DeliveryAttempt.objects.create(delivery=delivery, no=1, process="test")
    assert _is_well(messages.sending)


def test_facts_that_nobody_tells_are_told(
    account: ZaloAccount, dossier: Dossier, settings: Settings
) -> None:
    settings.ONESTOP_CLOCK_OFFSET_S += 600
    assert "A fact waits for 10 minutes" in _told(messages.sending, Level.FAULT)


def test_what_is_held_back_is_told_with_its_reason(account: ZaloAccount) -> None:
    holds.put("template:ready", Why.HELD, code=-115, detail="disabled")
    assert "template:ready (disabled)" in _told(messages.sending, Level.WARNING)


def test_webhooks_that_nobody_works_on_and_a_missing_key_are_told(
    account: ZaloAccount, settings: Settings
) -> None:
    assert "No webhook has ever come" in _told(messages.webhooks, Level.WARNING)
    settings.ZALO_OA_SECRET_KEY = ""
    late = Now() - timedelta(minutes=5)
    WebhookInbox.objects.create(
        dedupe_key="1", verified=True, state="new", received_at=late, next_try_at=late
    )
    WebhookInbox.objects.create(dedupe_key="2", verified=True, state="parked")
    told = _told(messages.webhooks, Level.FAULT)
    assert "ZALO_OA_SECRET_KEY is not set" in told
    assert "1 webhooks wait to be worked on, the oldest for 5 minutes" in told
    assert "1 webhooks could not be understood" in _told(messages.webhooks, Level.WARNING)


# ---- servers and processes -----------------------------------------------------------------------
def test_a_missing_migration_and_a_strange_one_are_told(db: None) -> None:
    assert _is_well(servers.migrations)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0006_chat_is_never_held_up'")
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('cases', '9999_x', now())"
        )
    told = _told(servers.migrations, Level.FAULT)
    assert "1 migrations are not applied" in told
    assert "manage.py migrate" in told
    assert "cases.9999_x is not known here" in told


def test_a_database_that_forgets_at_a_power_cut_is_told(db: None) -> None:
    """As the fast server of the tests is."""
    assert "Switched off: fsync" in _told(servers.database_settings, Level.FAULT)


def test_a_broker_that_drops_keys_and_keeps_nothing_is_told() -> None:
    with servers._client() as client:
        client.config_set("maxmemory-policy", "allkeys-lru")
        try:
            assert "noeviction" in _told(servers.broker_settings, Level.FAULT)
        finally:
            client.config_set("maxmemory-policy", "noeviction")
    assert "--appendonly yes" in _told(servers.broker_settings, Level.WARNING)


def test_queues_without_a_worker_are_told() -> None:
    told = _told(processes.workers, Level.FAULT)
    assert all(queue in told for queue in configured.QUEUES)


def test_beat_is_dead_when_its_job_has_not_run() -> None:
    cache.clear()
    assert "Start beat" in _told(processes.beat, Level.FAULT)
    pulse.note()
    assert _is_well(processes.beat)
    cache.set(pulse._KEY, datetime.now(UTC).timestamp() - 600)
    assert "10 minutes ago" in _told(processes.beat, Level.FAULT)


# ---- keys, security, this machine ----------------------------------------------------------------
def test_a_lost_key_is_told_with_the_column_that_it_closes(
    account: ZaloAccount, settings: Settings
) -> None:
    assert _is_well(security.keys)
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert "notifications_zaloaccount.access_token" in _told(security.keys, Level.FAULT)
    settings.FIELD_ENCRYPTION_KEYS = ["short"]
    assert "no key" in _told(security.keys, Level.FAULT)


def test_unsafe_settings_are_told(settings: Settings) -> None:
    settings.SECRET_KEY = "short"
    settings.SESSION_COOKIE_SECURE = False
    told = _told(security.deployment, Level.WARNING)
    assert "SECRET_KEY" in told
    assert "the cookie of a session travels unprotected" in told
    settings.DEBUG = True
    assert "DEBUG is on" in _told(security.deployment, Level.FAULT)


@pytest.mark.parametrize(
    ("hosts", "url", "words"),
    [
        (["*"], "https://mc.dt.vn", "any name is answered"),
        (["other.vn"], "https://mc.dt.vn", "mc.dt.vn of ONESTOP_PUBLIC_URL is not in"),
        (["mc.dt.vn"], "http://mc.dt.vn", "Set the https address"),
        ([".example.vn"], "https://motcua.example.vn", "Set the https address"),
    ],
)
def test_addresses_that_lead_nowhere_are_told(
    hosts: list[str], url: str, words: str, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS, settings.ONESTOP_PUBLIC_URL = hosts, url
    assert words in _told(security.addresses, Level.FAULT)
    settings.ALLOWED_HOSTS, settings.ONESTOP_PUBLIC_URL = [".dt.vn"], "https://mc.dt.vn"
    assert _is_well(security.addresses)


def test_a_calendar_without_next_year_is_told_from_november_on(
    province: None, settings: Settings
) -> None:
    _show(settings, datetime(2026, 10, 31, 12, tzinfo=UTC))
    CalendarDay.objects.filter(date__year=2027).delete()
    assert _is_well(installation.calendar)
    _show(settings, datetime(2026, 11, 1, 12, tzinfo=UTC))
    assert "2027" in _told(installation.calendar, Level.WARNING)
    _show(settings, datetime(2027, 1, 2, 12, tzinfo=UTC))
    assert "2027" in _told(installation.calendar, Level.FAULT)


def _show(settings: Settings, instant: datetime) -> None:
    settings.ONESTOP_CLOCK_OFFSET_S = int((instant - datetime.now(UTC)).total_seconds())


def test_a_folder_that_is_missing_or_full_is_told(
    tmp_path: Path, settings: Settings, small_disk: Path
) -> None:
    settings.VAR_DIR = tmp_path / "missing"
    assert "cannot be written to" in _told(installation.folder, Level.FAULT)
    settings.VAR_DIR = small_disk
    assert "0 MB are left" in _told(installation.folder, Level.FAULT)
    (small_disk / "filler").write_bytes(bytes(256 * 1024))
    assert "No space left" in _told(installation.folder, Level.FAULT)


def test_static_files_that_are_missing_are_told(tmp_path: Path, settings: Settings) -> None:
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    assert "collectstatic" in _told(installation.static_files, Level.FAULT)
    (tmp_path / "staticfiles.json").write_text('{"paths": {"a.css": "a.1.css"}}')
    assert "1 are missing" in _told(installation.static_files, Level.FAULT)
    (tmp_path / "a.1.css").write_text("")
    assert _is_well(installation.static_files)


def test_a_catalogue_that_is_not_compiled_is_told(tmp_path: Path, settings: Settings) -> None:
    place = tmp_path / "vi" / "LC_MESSAGES"
    place.mkdir(parents=True)
    (place / "django.po").write_text("")
    settings.LOCALE_PATHS = [tmp_path]
    assert "catalogues compile" in _told(installation.translations, Level.FAULT)


def test_time_fonts_and_keys_of_this_machine_are_in_order(db: None) -> None:
    assert _is_well(installation.time_of_day)
    assert _is_well(installation.printing)


# ---- how checks are run --------------------------------------------------------------------------
def test_a_check_that_breaks_or_hangs_hides_no_other() -> None:
    waiting = threading.Event()

    def breaks() -> list[Finding]:
        raise RuntimeError("oh")

    def hangs() -> Iterator[Finding]:
        waiting.wait()
        yield ok("late")

    label = CHECKS[0].label
    checks = [
        Check("breaks", label, breaks),
        Check("hangs", label, hangs),
        Check("after", label, lambda: [ok("fine")], frozenset({"hangs"})),
        Check("well", label, lambda: [ok("fine")]),
    ]
    begin = datetime.now(UTC)
    reports = {report.check.name: report for report in running.run(checks, limit_s=0.3)}
    waiting.set()
    assert (datetime.now(UTC) - begin).total_seconds() < 3
    assert "oh" in reports["breaks"].findings[0].sentence
    assert "No answer" in reports["hangs"].findings[0].sentence
    assert "mend first: database" in reports["after"].findings[0].sentence
    assert reports["well"].level is Level.OK


def test_what_is_needed_is_itself_checked_and_needs_nothing() -> None:
    free = {check.name for check in CHECKS if not check.needs}
    assert all(check.needs <= free for check in CHECKS)
    assert len({check.name for check in CHECKS}) == len(CHECKS)


def test_durations_are_told_in_the_unit_that_fits() -> None:
    told = [ago(seconds) for seconds in (5, 119, 120, 7199, 7200, 200_000)]
    assert told == ["5 seconds", "119 seconds", "2 minutes", "120 minutes", "2 hours", "2 days"]


def test_every_encrypted_column_is_looked_at() -> None:
    columns = {column for _table, column in encrypted_columns()}
    assert {"access_token", "refresh_token", "body", "pdf"} <= columns
