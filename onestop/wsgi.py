"""The WSGI application, whose requests are UTF-8."""

import os
from collections.abc import Mapping
from typing import Any

import django
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """Reads queries and forms as UTF-8, whatever charset the request declares.

    Django believes a declared charset; Python has some that decode no text and some that make half
    characters, which no database takes. Django fails before any middleware could say otherwise.
    """

    def _set_content_type_params(self, meta: Mapping[str, Any]) -> None:
        try:
            kind, parameters = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except ValueError:
            kind, parameters = "", {}
        self.content_type, self.content_params = kind, parameters


class _Handler(WSGIHandler):
    request_class = Utf8Request


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onestop.settings")
django.setup(set_prefix=False)
application = _Handler()
