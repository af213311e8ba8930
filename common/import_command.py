"""What the three import commands share: their arguments, the trial run, report and refusal."""

from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from common.importing import ImportRefused, ImportReport


def add_import_arguments(parser: CommandParser) -> None:
    """The path of the file to import, and `--dry-run`."""
    parser.add_argument("file", type=Path, metavar="FILE")
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="Print row by row what would change, and write nothing.",
    )


def run_import(
    command: BaseCommand,
    path: Path,
    importer: Callable[[Path], ImportReport],
    *,
    dry_run: bool,
) -> None:
    """Imports the file and prints what was done; if refused, every fault and exit code 1.

    A dry run does the same work, checks of the database included, and takes it all back.
    """
    try:
        with transaction.atomic():
            report = importer(path)
            transaction.set_rollback(dry_run)
    except ImportRefused as refusal:
        for reason in refusal.reasons:
            command.stderr.write(reason)
        raise CommandError(str(refusal)) from None
    for line in report.new_rows() if dry_run else ():
        command.stdout.write(line)
    for line in report.lines():
        command.stdout.write(line)
    if dry_run:
        command.stdout.write(_("Dry run: nothing was written."))
