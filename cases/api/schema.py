"""What the OpenAPI document says of parameters, tokens, examples and the calls of a move."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from cases.api.idempotency import HEADER, REPEATED_HEADER
from cases.api.refusals import PROBLEM
from cases.printing import Sheet
from cases.workflow import Action, rows_of

Endpoint = tuple[str, str, str, Callable[..., Any]]

LANGUAGE = OpenApiParameter(
    "Accept-Language",
    str,
    OpenApiParameter.HEADER,
    description=_("Language of all words in the answer: `vi` or `en`; else it is Vietnamese."),
)
CURSOR = OpenApiParameter(
    "cursor", str, description=_("From `next` or `previous` of the page before; never made up.")
)
SHEET = OpenApiParameter(
    "sheet", str, enum=list(Sheet), default=Sheet.A5, description=_("Size of the paper.")
)
HANDLE = OpenApiParameter(
    "handle",
    str,
    OpenApiParameter.PATH,
    description=_("Code of the dossier, or its `ref`, which it has from the first moment."),
)
_KEY = OpenApiParameter(
    HEADER,
    str,
    OpenApiParameter.HEADER,
    pattern="^[!-~]{1,128}$",
    description=_(
        "1 to 128 visible ASCII characters of your choice. For 24 hours the same key of the same "
        "token gets the first 2xx answer again and nothing is done twice."
    ),
)
_REPEATED = OpenApiParameter(
    REPEATED_HEADER,
    str,
    OpenApiParameter.HEADER,
    enum=["true"],
    response=[200, 201],
    description=_("There when this answer was given to the same key before."),
)
_WAIT = OpenApiParameter(
    "Retry-After",
    int,
    OpenApiParameter.HEADER,
    response=[429],
    required=True,
    description=_("Seconds until the next call is free."),
)
PARAMETERS = (LANGUAGE, _WAIT)
"""Parameters of every call with a token."""
POST_PARAMETERS = (*PARAMETERS, _KEY, _REPEATED)
"""Parameters of every POST."""


def one_call_per_action(endpoints: Iterable[Endpoint]) -> list[Endpoint]:
    """PREPROCESSING_HOOKS: the address with {action} becomes one for each action of the table.

    Short addresses come first, and so lists before what is in them.
    """
    calls = [call for endpoint in endpoints for call in _by_action(endpoint)]
    return sorted(calls, key=lambda call: call[0].count("/"))


def _by_action(endpoint: Endpoint) -> Iterator[Endpoint]:
    path, regex, method, callback = endpoint
    if "{action}" not in path:
        yield endpoint
        return
    view: Any = callback
    for action in Action:
        if rows_of(action):
            yield (
                path.replace("{action}", action.value),
                regex.replace("<str:action>", action.value),
                method,
                view.cls.as_view(move=action),
            )


def with_problem(result: Any, **_more: Any) -> Any:
    """POSTPROCESSING_HOOKS: the one shape of errors; descriptions for readers of our code go."""
    schemas = result["components"]["schemas"]
    for schema in schemas.values():
        if "enum" not in schema:
            schema.pop("description", None)
    schemas["Problem"] = PROBLEM
    return result


class ApiTokenScheme(OpenApiAuthenticationExtension):
    """`Authorization: Token …`, from `manage.py create_api_token`."""

    target_class = "offices.authentication.ApiTokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, Any]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": _("`Token ` and the token that an administrator made for an officer."),
        }
