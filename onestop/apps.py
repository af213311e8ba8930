from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig


class OnestopConfig(AppConfig):
    name = "onestop"
    verbose_name = "One-stop portal"


class OnestopAdminConfig(AdminConfig):
    """Django's admin; its templates are themed in onestop/templates/admin."""
