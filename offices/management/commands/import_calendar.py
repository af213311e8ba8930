"""`manage.py import_calendar FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.import_command import add_file_argument, run_import
from offices.services.import_calendar import import_calendar


class Command(BaseCommand):
    help = "Import days off and made-up working days from a CSV file; may be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        add_file_argument(parser)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        run_import(self, file, import_calendar)
