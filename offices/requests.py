"""Pages that need a signed-in officer."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers

from offices.models import Officer

P = ParamSpec("P")


class OfficerRequest(HttpRequest):
    """A request whose user is an officer; what `officers_only` hands to its view."""

    user: Officer


def officers_only(
    view: Callable[Concatenate[OfficerRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """The view for officers; anybody else signs in first and comes back. Nothing is cached."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not isinstance(request.user, Officer):
            return redirect_to_login(request.get_full_path())
        answer = view(cast(OfficerRequest, request), *args, **kwargs)
        add_never_cache_headers(answer)
        return answer

    return guarded
