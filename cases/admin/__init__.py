"""Procedures and dossiers in the administration."""

from cases.admin import dossiers, procedures, versions

__all__ = ["dossiers", "procedures", "versions"]
