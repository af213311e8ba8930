"""`manage.py create_api_token USERNAME`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from offices.models import Officer
from offices.services.tokens import create_api_token


class Command(BaseCommand):
    help = "Print a new API token of an officer. It is shown once and cannot be read again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--label", default="", help="What the token is for.")

    def handle(self, *args: Any, username: str, label: str, **options: Any) -> None:
        officer = Officer.objects.filter(username=username, is_active=True).first()
        if officer is None:
            raise CommandError(
                _("There is no active officer with the user name %(name)s.") % {"name": username}
            )
        self.stdout.write(create_api_token(officer=officer, label=label))
