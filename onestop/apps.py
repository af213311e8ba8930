from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class OnestopConfig(AppConfig):
    name = "onestop"
    verbose_name = "One-stop portal"

    def ready(self) -> None:
        """Make the Celery application that of every thread, so that web processes can ring."""
        from onestop.celery import app

        app.set_default()


class OnestopAdminConfig(AdminConfig):
    """Django's admin; its templates are themed in onestop/templates/admin."""

    default_site = "onestop.admin_site.OnestopAdminSite"
