"""Panels: what an upper app adds to a page of a lower one, in the same response.

A setting (DOSSIER_PANELS, INTAKE_PANELS, LOOKUP_PANELS, PROFILE_PANELS, SAMPLE_PANELS) lists dotted
names of functions `(request, subject) -> (template, context)`; None: there is nothing to show.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

Panel = tuple[str, dict[str, Any]] | None


def render(names: Sequence[str], request: HttpRequest, subject: Any) -> list[SafeString]:
    """The panels about `subject` in the order of their setting, as finished HTML."""
    panels: list[Panel] = [import_string(name)(request, subject) for name in names]
    return [render_to_string(panel[0], panel[1], request) for panel in panels if panel]
