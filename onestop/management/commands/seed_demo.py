"""`manage.py seed_demo`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from offices.models import Office
from onestop.seed.province import seed_province, write_log_ins

LOG_INS = "demo-users.json"


class Command(BaseCommand):
    help = "Fill a demo with officers, citizens and dossiers around its present; may be run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dossiers", type=int, default=300, help="How many (default 300).")

    def handle(self, *args: Any, dossiers: int, **options: Any) -> None:
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("Invented people belong into a demo only: set ONESTOP_DEMO.")
        if not Office.objects.exists():
            raise CommandError("Import offices, calendar and procedures first.")
        seed_province(dossiers=dossiers, say=self.stdout.write)
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        write_log_ins(settings.VAR_DIR / LOG_INS)
