"""What the three import commands share: the file argument, the report, the refusal."""

from collections.abc import Callable
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser

from common.importing import ImportRefused, ImportReport


def add_file_argument(parser: CommandParser) -> None:
    """The path of the file to import."""
    parser.add_argument("file", type=Path, metavar="FILE")


def run_import(command: BaseCommand, path: Path, importer: Callable[[Path], ImportReport]) -> None:
    """Imports the file and prints what was done; if refused, every fault and exit code 1."""
    try:
        report = importer(path)
    except ImportRefused as refusal:
        for reason in refusal.reasons:
            command.stderr.write(reason)
        raise CommandError(str(refusal)) from None
    for line in report.lines():
        command.stdout.write(line)
