"""`manage.py setup_groups`."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from offices.services.roles import ensure_administrators


class Command(BaseCommand):
    help = "Create or renew the group of administrators with its exact rights; may be run again."

    def handle(self, *args: Any, **options: Any) -> None:
        group = ensure_administrators()
        self.stdout.write(
            _("%(group)s: %(n)d rights.") % {"group": group.name, "n": group.permissions.count()}
        )
