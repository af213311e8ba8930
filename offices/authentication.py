"""`Authorization: Token …` of the REST API."""

from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request

from common.tokens import digest
from offices.models import ApiToken, Officer


class ApiTokenAuthentication(BaseAuthentication):
    """Finds the officer of a bearer token by its SHA-256; revoked tokens do not exist."""

    keyword = "Token"

    def authenticate(self, request: Request) -> tuple[Officer, ApiToken] | None:
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != self.keyword.lower().encode():
            return None
        if len(parts) != 2:
            raise exceptions.AuthenticationFailed(_("The token is not valid."))
        token = (
            ApiToken.objects.select_related("officer__office")
            .filter(digest=digest(parts[1].decode("latin-1")), revoked_at__isnull=True)
            .filter(officer__is_active=True)
            .first()
        )
        if token is None:
            raise exceptions.AuthenticationFailed(_("The token is not valid."))
        return token.officer, token

    def authenticate_header(self, request: Request) -> str:
        return self.keyword
