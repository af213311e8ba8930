"""The OpenAPI document, generated once for each language."""

from functools import lru_cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator

from cases import workflow

Document = dict[str, Any]


def document(language: str) -> Document:
    """The OpenAPI 3.1 document of all calls, with its words in `language` ("vi" or "en").

    The workflow table is read anew where it has changed. Callers must not change the document.
    """
    return _generated(language, workflow.TRANSITIONS)


@lru_cache(maxsize=8)
def _generated(language: str, _table: tuple[workflow.Transition, ...]) -> Document:
    with translation.override(language):
        generator = SchemaGenerator()
        found: Document = generator.get_schema(request=None, public=True)
    return found
