"""manage.py sync_templates: learn the account's templates by their names."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from common.errors import DomainError
from notifications.services import templates


class Command(BaseCommand):
    help = (
        "Compares notifications/zalo_templates.json with the templates of the Zalo account, by "
        "name, and keeps their ids, states and parameters."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = templates.sync(me="sync_templates")
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"enabled: {len(found.enabled)}")
        for name, problem in found.unusable.items():
            self.stdout.write(f"cannot be used: {name}: {problem}")
        for name in found.missing:
            self.stdout.write(f"not at Zalo: {name}")
