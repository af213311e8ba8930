"""Announcements: written by one officer, released by another, sent by the dispatcher."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from common import bell, clock
from common.dates import due_phrase
from common.errors import DomainError, NotFoundError, RoleMissingError
from common.text import nfc
from notifications import announcement_rules
from notifications.announcement_rules import STEP, Act, Content
from notifications.models import Announcement, AnnouncementCommune, AnnouncementEvent
from notifications.selectors.announcements import Desk, content_of, desk_of, visible_to
from notifications.services import audience
from notifications.words import AnnouncementFact, AnnouncementKind, AnnouncementStatus, Lane
from offices.kinds import Role
from offices.models import Commune, Officer

_LANES = {
    AnnouncementKind.EMERGENCY: Lane.EMERGENCY,
    AnnouncementKind.POLICY_NEWS: Lane.BULK,
}


@dataclass(frozen=True)
class _Case:
    """A locked announcement and who acts on it."""

    announcement: Announcement
    officer: Officer
    desk: Desk


@transaction.atomic
def write(*, content: Content, officer: Officer, submits: bool = False) -> Announcement:
    """A new draft, submitted at once where `submits`; nothing is kept when that is refused.

    Raises DomainError with texts per field, RoleMissingError without the role.
    """
    desk = desk_of(officer)
    if not desk.writes:
        raise role_missing(Role.ANNOUNCER)
    content, communes = _checked(content, desk)
    announcement = Announcement.objects.create(
        author=officer, office=desk.offices[Role.ANNOUNCER][0], **_columns(content)
    )
    _set_communes(announcement, communes)
    if submits:
        return submit(token=announcement.token, officer=officer, version=announcement.version)
    return announcement


@transaction.atomic
def change(
    *, token: str, content: Content, officer: Officer, version: int, submits: bool = False
) -> Announcement:
    """Another content for the author's own draft. `version` is that of the form."""
    case = _begin(token, officer, Act.CHANGE)
    announcement = case.announcement
    _refuse_others(case)
    _refuse_stale(announcement, version)
    content, communes = _checked(content, case.desk)
    if content.kind != announcement.kind:
        raise DomainError(_("The kind of an announcement cannot be changed."))
    for name, value in _columns(content).items():
        setattr(announcement, name, value)
    announcement.version += 1
    announcement.save()
    _set_communes(announcement, communes)
    if submits:
        return submit(token=token, officer=officer, version=announcement.version)
    return announcement


@transaction.atomic
def submit(*, token: str, officer: Officer, version: int) -> Announcement:
    """The author's draft is frozen and waits for another officer."""
    case = _begin(token, officer, Act.SUBMIT)
    _refuse_others(case)
    _refuse_stale(case.announcement, version)
    _refuse_unfit(case.announcement)
    return _finish(case, Act.SUBMIT, submitted_at=clock.now())


@transaction.atomic
def send_back(*, token: str, officer: Officer, reason: str) -> Announcement:
    """What waits for release is a draft again; its author changes it or lets it go."""
    case = _begin(token, officer, Act.SEND_BACK)
    reason = nfc(reason)
    if not any(c.isalpha() for c in reason) or len(reason) > 300:
        text = _("Say in words what should be changed, in at most 300 characters.")
        raise DomainError(text, fields={"reason": [text]})
    return _finish(case, Act.SEND_BACK, payload={"reason": reason}, submitted_at=None)


@transaction.atomic
def release(*, token: str, officer: Officer, fingerprint: str) -> Announcement:
    """Releases exactly what the officer saw, by its `fingerprint`; the first of several wins.

    The people are written down and told by the dispatcher, emergencies ahead of all else.
    """
    case = _begin(token, officer, Act.RELEASE)
    announcement = case.announcement
    if announcement.author_id == officer.pk:
        raise DomainError(_("Who wrote an announcement cannot release it."), status=409)
    if fingerprint_of(announcement) != fingerprint:
        text = _("The announcement has changed since you read it. Read it again.")
        raise DomainError(text, code="stale", status=409)
    _refuse_unfit(announcement)
    released = _finish(
        case,
        Act.RELEASE,
        releaser=officer,
        released_at=clock.now(),
        release_hash=fingerprint,
    )
    bell.ring(_LANES[AnnouncementKind(announcement.kind)].value)
    return released


@transaction.atomic
def cancel(*, token: str, officer: Officer) -> Announcement:
    """Stops an announcement: what has not left is called off, what has left cannot be recalled."""
    case = _begin(token, officer, Act.CANCEL)
    was_released = case.announcement.status == AnnouncementStatus.RELEASED
    cancelled = _finish(case, Act.CANCEL, cancelled_at=clock.now())
    if was_released:
        bell.ring(_LANES[AnnouncementKind(cancelled.kind)].value)
    return cancelled


def fingerprint_of(announcement: Announcement) -> str:
    """What a release of it would bind, as hex digits."""
    return announcement_rules.fingerprint(content_of(announcement))


def is_as_released(announcement: Announcement) -> bool:
    """True while the row says what was released; the sender asks before each chunk."""
    return fingerprint_of(announcement) == announcement.release_hash


@transaction.atomic
def halt(announcement: Announcement) -> None:
    """Stops a released announcement that no longer says what was released."""
    changed = Announcement.objects.filter(
        pk=announcement.pk, status=AnnouncementStatus.RELEASED
    ).update(status=AnnouncementStatus.CANCELLED, cancelled_at=clock.now())
    if changed:
        AnnouncementEvent.objects.create(
            event=AnnouncementFact.CANCELLED,
            announcement=announcement,
            payload={"why": "differs from what was released"},
        )


def role_missing(*roles: Role) -> RoleMissingError:
    """Names the role that the area needs, and whom to ask."""
    names = ", ".join(str(role.label) for role in roles)
    text = _("Announcements need the role: %(roles)s. Ask the administrator of your office.")
    return RoleMissingError(text % {"roles": names})


# ---- what all acts share -------------------------------------------------------------------------


def _begin(token: str, officer: Officer, act: Act) -> _Case:
    """The locked announcement, if this officer sees it, has the role and its state allows it."""
    desk = desk_of(officer)
    known = visible_to(desk).filter(token=token).values_list("pk", flat=True).first()
    if known is None:
        raise NotFoundError(_("This page or dossier was not found."))
    # Without joins: after a wait for the lock a joined row would be that of before the wait.
    announcement = Announcement.objects.select_for_update().get(pk=known)
    step = STEP[act]
    if not desk.roles & step.roles:
        raise role_missing(*sorted(step.roles))
    if announcement.status not in step.sources:
        raise DomainError(_what_happened(announcement), code="illegal", status=409)
    if act is Act.RELEASE and not _covers(desk, Role.RELEASER, announcement):
        raise DomainError(_("You may not release for all of these communes."), status=403)
    return _Case(announcement, officer, desk)


def _covers(desk: Desk, role: Role, announcement: Announcement) -> bool:
    allowed = desk.communes(role)
    return not announcement.communes.exclude(pk__in=allowed.values("pk")).exists()


def _what_happened(announcement: Announcement) -> str:
    """Why nothing can be done any more, with who and when."""
    if announcement.status == AnnouncementStatus.RELEASED and announcement.released_at:
        assert announcement.releaser is not None
        return _("%(who)s already released this at %(when)s.") % {
            "who": announcement.releaser.full_name,
            "when": due_phrase(announcement.released_at),
        }
    if announcement.status == AnnouncementStatus.CANCELLED and announcement.cancelled_at:
        return _("This was stopped at %(when)s.") % {"when": due_phrase(announcement.cancelled_at)}
    return _("This cannot be done while the announcement is “%(status)s”.") % {
        "status": announcement.get_status_display()
    }


def _refuse_others(case: _Case) -> None:
    if case.announcement.author_id != case.officer.pk:
        raise DomainError(_("Only its author changes a draft."), status=403)


def _refuse_stale(announcement: Announcement, version: int) -> None:
    if announcement.version != version:
        text = _("The draft was changed in another window. Open it again.")
        raise DomainError(text, code="stale", status=409)


def _refuse_unfit(announcement: Announcement) -> None:
    """Nothing leaves that is over, or that nobody would get."""
    found = announcement_rules.problems(content_of(announcement), clock.now())
    if found:
        raise DomainError(_("Some values need mending."), fields=found, status=409)
    people = audience.size(
        kind=AnnouncementKind(announcement.kind),
        communes=list(announcement.communes.values_list("pk", flat=True)),
    ).people
    if not people:
        raise DomainError(_("Nobody in these communes would get it."), status=409)


def _finish(
    case: _Case, act: Act, *, payload: dict[str, Any] | None = None, **values: Any
) -> Announcement:
    announcement, step = case.announcement, STEP[act]
    announcement.status = step.target
    for name, value in values.items():
        setattr(announcement, name, value)
    announcement.version += 1
    announcement.save(update_fields=["status", "version", *values])
    if step.fact is not None:
        AnnouncementEvent.objects.create(
            event=step.fact,
            announcement=announcement,
            actor=case.officer,
            payload=payload or {},
        )
    return announcement


# ---- content -------------------------------------------------------------------------------------


def _checked(content: Content, desk: Desk) -> tuple[Content, list[Commune]]:
    """The content in NFC and its communes. Raises DomainError with texts per field."""
    content = replace(content, text=nfc(content.text), area=nfc(content.area))
    found = announcement_rules.problems(content, clock.now())
    communes = list(desk.communes(Role.ANNOUNCER).filter(code__in=content.communes))
    if "communes" not in found and len(communes) != len(set(content.communes)):
        found["communes"] = [_("You may not announce in all of these communes.")]
    if found:
        raise DomainError(_("Some values need mending."), fields=found)
    return content, communes


def _columns(content: Content) -> dict[str, Any]:
    is_emergency = content.kind == AnnouncementKind.EMERGENCY
    return {
        "kind": content.kind,
        "text": content.text,
        "area": content.area,
        "expires_at": content.expires_at,
        "hazard": content.hazard if is_emergency else "",
        "level": content.level if is_emergency else None,
        "effective_from": None if is_emergency else content.effective_from,
    }


def _set_communes(announcement: Announcement, communes: Sequence[Commune]) -> None:
    AnnouncementCommune.objects.filter(announcement=announcement).delete()
    AnnouncementCommune.objects.bulk_create(
        AnnouncementCommune(announcement=announcement, commune=commune) for commune in communes
    )
