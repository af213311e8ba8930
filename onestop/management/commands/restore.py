"""`manage.py restore FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connections

from onestop.backup.errors import BackupError
from onestop.backup.place import Place
from onestop.backup.restoring import restore


class Command(BaseCommand):
    help = "Put a backup in the place of the database; what fails leaves the old one as it was."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument(
            "--replace", action="store_true", help="Lose the data that the database holds now."
        )

    def handle(self, *args: Any, file: Path, replace: bool, **options: Any) -> None:
        connections.close_all()
        try:
            restore(file, place=Place.of_settings(), replace=replace, say=self.stdout.write)
        except BackupError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(
            "Restored; each table has the rows that the backup names. The token pair of Zalo is as "
            "old as the backup: if `manage.py doctor` complains, run zalo_authorize."
        )
