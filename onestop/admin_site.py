"""The administration as a whole."""

from django.contrib.admin import AdminSite
from django.utils.translation import gettext_lazy as _


class OnestopAdminSite(AdminSite):
    """Django's admin under the name of the portal."""

    site_header = _("System administration")
    site_title = site_header
    index_title = _("What can be set here")
    enable_nav_sidebar = True
