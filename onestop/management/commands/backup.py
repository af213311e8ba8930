"""`manage.py backup FILE`."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onestop.backup.errors import BackupError
from onestop.backup.making import back_up
from onestop.backup.place import Place


class Command(BaseCommand):
    help = "Write all data of the portal to one new file, while it runs; keys are not in it."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        try:
            made = back_up(file, place=Place.of_settings())
        except BackupError as error:
            raise CommandError(str(error)) from None
        tables = made["tables"]
        self.stdout.write(
            f"{file}: {file.stat().st_size:,} bytes, {sum(tables.values()):,} rows of "
            f"{len(tables)} tables, as of {made['made_at']}."
        )
        self.stdout.write(
            "Keep FIELD_ENCRYPTION_KEYS and FIELD_SEARCH_KEY as well, in another place: the file "
            "is of no use without them."
        )
