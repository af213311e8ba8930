"""`manage.py import_procedures FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases.services.catalogue import import_procedures
from common.import_command import add_import_arguments, run_import


class Command(BaseCommand):
    help = "Import procedures from a JSON file, each change as a new version; may be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        add_import_arguments(parser)

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        run_import(self, file, import_procedures, dry_run=dry_run)
