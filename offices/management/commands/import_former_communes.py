"""`manage.py import_former_communes FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from common.import_command import add_import_arguments, run_import
from offices.services.import_former_communes import import_former_communes


class Command(BaseCommand):
    help = "Import what the communes before 1 July 2025 became, from a CSV file; may be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        add_import_arguments(parser)

    def handle(self, *args: Any, file: Path, dry_run: bool, **options: Any) -> None:
        run_import(self, file, import_former_communes, dry_run=dry_run)
