"""Procedures and dossiers in the administration."""

from cases.admin import dossiers, portal_settings, procedures, versions

__all__ = ["dossiers", "portal_settings", "procedures", "versions"]
