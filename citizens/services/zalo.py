"""Which Zalo account belongs to whom, and whether it listens. The newest link wins."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Greatest

from citizens.models import Citizen, LinkCode, ZaloLink
from common import clock
from common.tokens import digest, link_code
from offices.models import Officer

CODE_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True)
class NewCode:
    """A one-time code; it is shown once, only its digest is stored."""

    code: str
    expires_at: datetime


@transaction.atomic
def link_citizen(*, user_id: str, citizen: Citizen) -> bool:
    """Ties the account to the citizen; another account of theirs is let go.

    One account for one citizen, and one citizen for one account. True when the account was
    somebody else's before.
    """
    was_anothers = ZaloLink.objects.filter(user_id=user_id).exclude(citizen=citizen).exists()
    ZaloLink.objects.filter(citizen=citizen).exclude(user_id=user_id).delete()
    ZaloLink.objects.update_or_create(
        user_id=user_id, defaults={"citizen": citizen, "officer": None, **_contact()}
    )
    note_opt_in(citizen=citizen)
    return was_anothers


@transaction.atomic
def redeem_link_code(*, user_id: str, code: str) -> Officer | None:
    """Ties the account to the officer whose code this is; the code is spent.

    None for an unknown or a spent code, and for one that is too old.
    """
    row = (
        LinkCode.objects.select_for_update(of=("self",))
        .select_related("officer")
        .filter(digest=digest(code.upper()), expires_at__gt=clock.now(), officer__is_active=True)
        .first()
    )
    if row is None:
        return None
    row.delete()
    ZaloLink.objects.filter(officer=row.officer).exclude(user_id=user_id).delete()
    ZaloLink.objects.update_or_create(
        user_id=user_id, defaults={"citizen": None, "officer": row.officer, **_contact()}
    )
    return row.officer


def issue_link_code(*, officer: Officer) -> NewCode:
    """A new one-time code for the officer; an earlier one is void."""
    new = NewCode(link_code(), clock.now() + CODE_LIFETIME)
    LinkCode.objects.update_or_create(
        officer=officer, defaults={"digest": digest(new.code), "expires_at": new.expires_at}
    )
    return new


def unlink_officer(*, officer: Officer) -> bool:
    """Lets the officer's account go; False when there was none."""
    deleted, _by_model = ZaloLink.objects.filter(officer=officer).delete()
    return deleted > 0


def note_contact(*, user_id: str, at: datetime) -> None:
    """The owner of the account did something: what Zalo refused until then is open again.

    An event that comes late opens nothing that was closed after it. A person who refused us is
    asked again only when they agree or link anew.
    """
    ZaloLink.objects.filter(user_id=user_id).update(
        closed_until_contact=Case(
            When(closed_at__gt=at, then=F("closed_until_contact")), default=Value(False)
        ),
        last_interaction_at=Greatest(F("last_interaction_at"), at),
    )


def note_opt_in(*, citizen: Citizen) -> None:
    """The citizen agreed or linked anew: an account or phone that refused us is open again."""
    ZaloLink.objects.filter(citizen=citizen).update(closed_until_opt_in=False)
    Citizen.objects.filter(pk=citizen.pk).update(zalo_phone_closed_until_opt_in=False)


def note_follow(*, user_id: str, follows: bool, at: datetime) -> bool:
    """The account follows ours or no longer does. False: no link, or an older event came late."""
    is_newer = Q(follow_changed_at__isnull=True) | Q(follow_changed_at__lt=at)
    changed = ZaloLink.objects.filter(is_newer, user_id=user_id).update(
        is_following=follows, follow_changed_at=at
    )
    if changed and follows:
        note_contact(user_id=user_id, at=at)
    return changed > 0


def _contact() -> dict[str, object]:
    now = clock.now()
    return {
        "linked_at": now,
        "last_interaction_at": now,
        "closed_until_contact": False,
        "closed_until_opt_in": False,
        "closed_at": None,
    }
