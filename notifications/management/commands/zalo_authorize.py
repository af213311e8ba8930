"""manage.py zalo_authorize: bring a first pair of tokens, or start the OAuth flow."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from notifications.channels import oauth
from notifications.channels.oauth import Pair
from notifications.services import tokens

# What Zalo gives an access token; a pasted pair is renewed long before.
_LIFE_S = 90_000.0


class Command(BaseCommand):
    help = (
        "Stores a first pair of tokens (--access-token with --refresh-token), exchanges a code "
        "(--code with --verifier), or without arguments prints where to grant access."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--access-token", default="")
        parser.add_argument("--refresh-token", default="")
        parser.add_argument("--code", default="", help="From the address after granting access.")
        parser.add_argument("--verifier", default="", help="As printed when the flow was started.")
        parser.add_argument("--redirect-uri", default="", help="As registered with Zalo.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.ZALO_OA_ID:
            raise CommandError("ZALO_OA_ID is not set.")
        access, refresh = options["access_token"].strip(), options["refresh_token"].strip()
        if bool(access) != bool(refresh):
            raise CommandError("Give both --access-token and --refresh-token.")
        if access:
            self._check(access, refresh)
            self._store(Pair(access, refresh, _LIFE_S))
        elif options["code"]:
            self._exchange(options["code"].strip(), options["verifier"].strip())
        else:
            self._start(options["redirect_uri"] or f"{settings.ONESTOP_PUBLIC_URL}/zalo/callback")

    def _check(self, access: str, refresh: str) -> None:
        if access == refresh:
            raise CommandError("The two tokens are the same: one was pasted twice.")
        if any(not token.isprintable() or " " in token for token in (access, refresh)):
            raise CommandError("A token holds spaces or line breaks: paste it again.")

    def _store(self, pair: Pair) -> None:
        generation = tokens.store_first_pair(pair)
        self.stdout.write(f"Stored, generation {generation}.")

    def _exchange(self, code: str, verifier: str) -> None:
        answer = oauth.exchange(code, verifier)
        if not isinstance(answer, Pair):
            raise CommandError(f"Zalo gave no tokens: {answer.detail}")
        self._store(answer)

    def _start(self, redirect_uri: str) -> None:
        if not settings.ZALO_APP_ID:
            raise CommandError("ZALO_APP_ID is not set.")
        verifier, state = oauth.new_verifier(), secrets.token_urlsafe(16)
        url = oauth.permission_url(redirect_uri=redirect_uri, verifier=verifier, state=state)
        self.stdout.write("1. Open this address as an administrator of the official account:")
        self.stdout.write(f"   {url}")
        self.stdout.write("2. You are sent to an address with code=… in it. Then run:")
        self.stdout.write(f"   manage.py zalo_authorize --code CODE --verifier {verifier}")
        self.stdout.write(f"   The address must say state={state}; the code lives ten minutes.")
