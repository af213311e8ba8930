"""What lies on this machine: time, calendar, fonts, translations, static files, the folder."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db import connection
from django.utils.translation import gettext as _

from cases.printing.typesetting import typesets
from common import clock
from offices.attention import words_of
from offices.selectors.calendars import calendar_gaps
from onestop.doctor.findings import Finding, ago, fault, ok, run, warning

_OFF_S, _FAR_OFF_S = 2.0, 60.0
_LITTLE_MB, _NOTHING_MB = 1000, 100


def time_of_day() -> Iterator[Finding]:
    """This machine and the database agree, and Vietnam is seven hours ahead of UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        (there,) = cursor.fetchone()
    apart = abs((datetime.now(UTC) - there).total_seconds())
    if apart > _OFF_S:
        yield (fault if apart > _FAR_OFF_S else warning)(
            _("This machine and the database are %(ago)s apart.") % {"ago": ago(apart)},
            _("Set both by NTP (chrony or systemd-timesyncd)."),
        )
    if datetime(2026, 11, 23, tzinfo=clock.VIETNAM).utcoffset() != timedelta(hours=7):
        yield fault(_("The time zone Asia/Ho_Chi_Minh is wrong here."), _("Install tzdata."))
    now = f"{clock.local(clock.now()):%Y-%m-%d %H:%M}"
    if clock.is_shifted():
        yield ok(_("The demo's clock is moved; it shows %(now)s.") % {"now": now})
    else:
        yield ok(_("It is %(now)s in Vietnam.") % {"now": now})


def calendar() -> Iterator[Finding]:
    """Days off of this year and, from November on, of the next are entered."""
    enter = _("Enter the days off in the administration, or run: manage.py import_calendar FILE")
    gaps = calendar_gaps()
    for gap in gaps:
        yield (fault if gap.is_grave else warning)(words_of(gap), enter)
    if not gaps:
        yield ok(_("The days off that due dates need now are entered."))


def printing() -> Iterator[Finding]:
    """The fonts are there, and a page with Vietnamese letters is typeset."""
    problem = typesets()
    if problem:
        yield fault(
            _("Forms cannot be printed: %(problem)s.") % {"problem": problem.rstrip(".")},
            _("Install the program again: its fonts lie in cases/printing/fonts."),
        )
    else:
        yield ok(_("A page was typeset."))


def translations() -> Iterator[Finding]:
    """Each catalogue is compiled and not older than its source."""
    sources = [
        path for folder in settings.LOCALE_PATHS for path in Path(folder).glob("*/*/django.po")
    ]
    stale = [
        path.parent.parent.name
        for path in sources
        if not (made := path.with_suffix(".mo")).exists()
        or made.stat().st_mtime < path.stat().st_mtime
    ]
    if stale or not sources:
        yield fault(
            _("Not compiled: %(names)s.") % {"names": ", ".join(stale) or "locale"},
            run("python -m onestop.launch.catalogues compile"),
        )
    else:
        yield ok(_("All catalogues are compiled."))


def static_files() -> Iterator[Finding]:
    """Style sheets, scripts and fonts are collected, all of them."""
    collect = run("manage.py collectstatic --noinput")
    if not hasattr(staticfiles_storage, "manifest_name"):
        yield ok(_("Served from the sources: DEBUG or tests."))
        return
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    try:
        paths = json.loads(manifest.read_text(encoding="utf-8"))["paths"]
    except (OSError, ValueError, KeyError):
        yield fault(_("The static files are not collected: pages would fail."), collect)
        return
    gone = [name for name in paths.values() if not (manifest.parent / name).exists()]
    if gone:
        yield fault(_("Of the static files %(n)d are missing.") % {"n": len(gone)}, collect)
    else:
        yield ok(_("%(n)d static files are collected.") % {"n": len(paths)})


def folder() -> Iterator[Finding]:
    """It can be written to and its disk has room."""
    place = settings.VAR_DIR
    try:
        with tempfile.TemporaryFile(dir=place) as probe:
            probe.write(bytes(4096))
            probe.flush()
        free_mb = shutil.disk_usage(place).free // 1_000_000
    except OSError as error:
        yield fault(
            _("%(place)s cannot be written to: %(error)s.")
            % {"place": place, "error": error.strerror},
            _("Make the folder for the user of the processes, or make room."),
        )
        return
    if free_mb < _LITTLE_MB:
        yield (fault if free_mb < _NOTHING_MB else warning)(
            _("%(n)d MB are left on the disk of %(place)s.") % {"n": free_mb, "place": place},
            _("Make room."),
        )
    else:
        yield ok(
            _("%(place)s can be written to; %(n)d MB are free.") % {"place": place, "n": free_mb}
        )
