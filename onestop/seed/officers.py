"""Demo officers: for every office one for each role that some step needs there, and a few more."""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from random import Random

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import F

from cases.models import ProcedureStep
from common.text import fold
from common.tokens import digest
from offices.kinds import COMMUNE_KINDS, RECEIVING_KINDS, OfficeKind, Role
from offices.models import ApiToken, Office, Officer, RoleAssignment
from offices.services.roles import sync_administration
from onestop.seed.names import officer_name

PASSWORD = "dong-thap-2026"  # the one password of a trial, printed at each start
_TOKEN_LABEL = "demo"

_OF_COMMUNE = {
    OfficeKind.COMMUNE: ("ub", Role.LEADER),
    OfficeKind.COMMUNE_ONESTOP: ("mc", Role.FRONT_DESK),
    OfficeKind.COMMUNE_OFFICE: ("vp", Role.PROCESSOR),
    OfficeKind.COMMUNE_ECONOMY: ("kt", Role.PROCESSOR),
    OfficeKind.COMMUNE_CULTURE: ("vh", Role.PROCESSOR),
    OfficeKind.COMMUNE_POLICE: ("ca", Role.PROCESSOR),
}
_OF_ROLE = {
    Role.FRONT_DESK: "mc",
    Role.PROCESSOR: "cv",
    Role.LEADER: "ld",
    Role.CLERK: "vt",
    Role.ADMINISTRATOR: "quantri",
    Role.ANNOUNCER: "soantin",
    Role.RELEASER: "duyettin",
}
_TITLES = {
    Role.FRONT_DESK: "Công chức một cửa",
    Role.PROCESSOR: "Chuyên viên",
    Role.LEADER: "Lãnh đạo cơ quan",
    Role.CLERK: "Văn thư",
    Role.ADMINISTRATOR: "Quản trị hệ thống",
    Role.ANNOUNCER: "Cán bộ soạn tin",
    Role.RELEASER: "Lãnh đạo duyệt tin",
}
# Besides those whom the steps need.
_ALSO = (
    ("tinh-dong-thap", Role.LEADER),
    ("tinh-dong-thap", Role.RELEASER),
    ("van-phong-uy-ban-tinh", Role.ANNOUNCER),
    ("van-phong-uy-ban-tinh", Role.ADMINISTRATOR),
)
# Whom a visitor needs to walk a land dossier and a birth, to tell the province, to set it up.
PRIMARY: tuple[tuple[str, Role], ...] = (
    ("trung-tam-tinh-dao-thanh", Role.FRONT_DESK),
    ("van-phong-dang-ky-dat-dai-my-tho", Role.PROCESSOR),
    ("van-phong-dang-ky-dat-dai", Role.PROCESSOR),
    ("van-phong-dang-ky-dat-dai-my-tho", Role.LEADER),
    ("van-phong-dang-ky-dat-dai-my-tho", Role.CLERK),
    ("phuong-my-tho-28261-mot-cua", Role.FRONT_DESK),
    ("phuong-my-tho-28261-van-phong", Role.PROCESSOR),
    ("phuong-my-tho-28261", Role.LEADER),
    *_ALSO,
)


@dataclass(frozen=True)
class Post:
    """One role in one office, and so one demo officer."""

    office: Office
    role: Role

    @property
    def key(self) -> tuple[str, Role]:
        return self.office.code, self.role

    @property
    def is_primary(self) -> bool:
        return self.key in PRIMARY

    @property
    def rank(self) -> int:
        """The place in the printed table, or behind it."""
        return PRIMARY.index(self.key) if self.is_primary else len(PRIMARY)

    @cached_property
    def username(self) -> str:
        """Readable and stable: mc.28261 is the counter of that commune, kt-ld.28261 its economy's
        leader, cv.thue-tinh an expert of the tax office.
        """
        kind = OfficeKind(self.office.kind)
        if kind in COMMUNE_KINDS:
            part, usual = _OF_COMMUNE[kind]
            role = "" if self.role == usual else f"-{_OF_ROLE[self.role]}"
            unit = self.office.commune.code if self.office.commune else self.office.code
            return f"{part}{role}.{unit}"
        return f"{_OF_ROLE[self.role]}.{self.office.code}"


def needed_posts() -> list[Post]:
    """All posts: of every step of every current version in every commune, and the few more."""
    offices = {office.code: office for office in Office.objects.select_related("commune")}
    found: dict[tuple[str, Role], Post] = {}
    for office, role in [*_posts_of_steps(), *((offices[code], role) for code, role in _ALSO)]:
        post = Post(offices[office.code], Role(role))
        found[post.key] = post
    return [found[key] for key in sorted(found)]


def _posts_of_steps() -> Iterable[tuple[Office, str]]:
    """Where `resolve_office` leads from any commune, without asking 102 times."""
    rows = list(Office.objects.in_force())
    steps = ProcedureStep.objects.filter(version__procedure__current=F("version"))
    for reference, role in set(steps.values_list("office", "role")):
        kinds = {reference}
        if role == Role.FRONT_DESK and reference in RECEIVING_KINDS:
            kinds = set(RECEIVING_KINDS)
        yield from ((o, role) for o in rows if o.kind in kinds or o.code == reference)


def token_of(username: str) -> str:
    """The demo's API token of an officer: the same at every start of the same installation."""
    words = f"demo api token of {username}".encode()
    mac = hmac.new(settings.SECRET_KEY.encode(), words, sha256).digest()
    return urlsafe_b64encode(mac).decode().rstrip("=")


def seed_officers() -> dict[tuple[str, Role], Officer]:
    """Every demo officer by (office code, role), created where missing; tokens made to fit."""
    posts = needed_posts()
    chance = Random("officers")
    password = make_password(PASSWORD)
    names = {post.key: officer_name(chance) for post in posts}
    known = {officer.username: officer for officer in Officer.objects.all()}
    new = [
        Officer(
            username=post.username,
            full_name=names[post.key],
            search_text=fold(names[post.key]),
            title=_TITLES[post.role],
            office=post.office,
            password=password,
        )
        for post in posts
        if post.username not in known
    ]
    known |= {officer.username: officer for officer in Officer.objects.bulk_create(new)}
    RoleAssignment.objects.bulk_create(
        (
            RoleAssignment(officer=known[post.username], office=post.office, role=post.role)
            for post in posts
        ),
        ignore_conflicts=True,
    )
    _fit_tokens([known[post.username] for post in posts])
    for post in posts:
        if post.role == Role.ADMINISTRATOR:
            sync_administration(known[post.username])
    return {post.key: known[post.username] for post in posts}


def _fit_tokens(officers: Sequence[Officer]) -> None:
    digests = {officer.pk: digest(token_of(officer.username)) for officer in officers}
    ApiToken.objects.filter(label=_TOKEN_LABEL).exclude(digest__in=digests.values()).delete()
    ApiToken.objects.bulk_create(
        (
            ApiToken(officer_id=officer_id, digest=value, label=_TOKEN_LABEL)
            for officer_id, value in digests.items()
        ),
        ignore_conflicts=True,
    )


def log_ins() -> list[dict[str, object]]:
    """What var/demo-users.json holds: each demo officer, those for the printed table first."""
    posts = sorted(needed_posts(), key=lambda post: (post.rank, post.username))
    names = dict(Officer.objects.values_list("username", "full_name"))
    return [
        {
            "username": post.username,
            "password": PASSWORD,
            "api_token": token_of(post.username),
            "roles": [post.role.value],
            "office": post.office.code,
            "name": names[post.username],
            "primary": post.is_primary,
        }
        for post in posts
    ]
