"""The access matrix: every address of the project, and what each kind of visitor gets there.

A new address needs a row here (`test_access_matrix.py` finds those without). The dossier of the
matrix was accepted at the counter of phường Mỹ Tho and is at its economy division.
"""

from dataclasses import dataclass, field

OFFICERS = (
    "front_desk",
    "processor",
    "leader",
    "clerk",
    "administrator",
    "announcer",
    "releaser",
    "stranger",  # an officer of an office that has nothing to do with the dossier
)
VISITORS = ("anonymous", *OFFICERS)

# Who has work with dossiers in an office that received this one, decides it, or has or had a step
# of it. The administrator, announcer and releaser sit in such offices without that work.
_INVOLVED = ("front_desk", "processor", "leader")


@dataclass(frozen=True)
class Row:
    """`url` is the address with {names} filled in by the test; statuses by visitor.

    With `token` officers call with their API token, else signed in by session.
    """

    route: str
    statuses: dict[str, int]
    url: str = ""
    method: str = "GET"
    data: dict[str, str] = field(default_factory=dict)
    token: bool = False

    @property
    def address(self) -> str:
        return self.url or f"/{self.route}"


def everybody(status: int) -> dict[str, int]:
    return dict.fromkeys(VISITORS, status)


def officers(status: int = 200, **others: int) -> dict[str, int]:
    """Officers get `status`, a stranger is sent to the sign-in."""
    return everybody(status) | {"anonymous": 302} | others


def only(*roles: str, others: int, status: int = 200, anonymous: int = 302) -> dict[str, int]:
    """The roles get `status`, other officers `others`."""
    return everybody(others) | {"anonymous": anonymous} | dict.fromkeys(roles, status)


def involved(status: int = 200, anonymous: int = 302, **others: int) -> dict[str, int]:
    """Offices of the dossier get `status`; for all others it is not there."""
    return only(*_INVOLVED, others=404, status=status, anonymous=anonymous) | others


def by_token(status: int = 200) -> dict[str, int]:
    return everybody(status) | {"anonymous": 401}


_DOSSIER = "ho-so/<str:handle>/"
_API = "api/v1/dossiers/<str:handle>/"
_NEWS, _ONE_NEWS = "tin-dien-rong/<str:token>/", "/tin-dien-rong/{announcement}/"
_SENT_ON = only("announcer", "releaser", others=403, status=302)

MATRIX: tuple[Row, ...] = (
    # everybody
    Row("", everybody(302)),
    Row("healthz", everybody(200)),
    Row("ngon-ngu/<str:code>/", everybody(302), "/ngon-ngu/en/"),
    Row("co-chu/<str:size>/", everybody(302), "/co-chu/l/"),
    Row("_components/", everybody(200)),
    Row("tra-cuu/", everybody(200)),
    Row("t/<str:token>", everybody(200), "/t/{token}"),
    # officers by session
    Row("dang-nhap/", everybody(302) | {"anonymous": 200}),
    Row("dang-xuat/", everybody(302), method="POST"),
    Row("tai-khoan/", officers()),
    Row("lam-viec/", officers(administrator=302, announcer=302, releaser=302)),
    Row("tiep-nhan/", only("front_desk", others=403)),
    Row("tiep-nhan/<str:handle>/", only("front_desk", others=403), "/tiep-nhan/{handle}/"),
    Row(_DOSSIER, involved(), "/ho-so/{handle}/"),
    Row(_DOSSIER + "xem-day-du/", involved(), "/ho-so/{handle}/xem-day-du/", "POST"),
    Row(_DOSSIER + "giay-tiep-nhan.pdf", involved(), "/ho-so/{handle}/giay-tiep-nhan.pdf"),
    Row(
        _DOSSIER + "phieu-bo-sung-<int:number>.pdf",
        involved(),
        "/ho-so/{handle}/phieu-bo-sung-1.pdf",
    ),
    Row(
        _DOSSIER + "<slug:action>/xac-nhan/",
        involved(403, processor=200),
        "/ho-so/{handle}/hand_over/xac-nhan/",
    ),
    # announcements: the one named here waits for release, the public ones were released
    Row("tin-dien-rong/", only("announcer", "releaser", others=403)),
    Row(
        "tin-dien-rong/soan/<slug:kind>/",
        only("announcer", others=403),
        "/tin-dien-rong/soan/emergency/",
    ),
    Row(_NEWS, only("announcer", "releaser", others=403), _ONE_NEWS),
    Row(_NEWS + "so-lieu/", _SENT_ON, _ONE_NEWS + "so-lieu/"),
    Row(_NEWS + "sua/", only("announcer", others=403, status=302), _ONE_NEWS + "sua/"),
    Row(_NEWS + "trinh/", only("announcer", others=403, status=302), _ONE_NEWS + "trinh/", "POST"),
    Row(_NEWS + "duyet/xac-nhan/", only("releaser", others=403), _ONE_NEWS + "duyet/xac-nhan/"),
    Row(
        _NEWS + "tra-lai/xac-nhan/",
        only("announcer", "releaser", others=403),
        _ONE_NEWS + "tra-lai/xac-nhan/",
    ),
    Row(
        _NEWS + "dung/xac-nhan/",
        only("announcer", "releaser", others=403),
        _ONE_NEWS + "dung/xac-nhan/",
    ),
    Row("tin/<str:token>", everybody(200), "/tin/{released}"),
    Row("tin/<str:token>/ngung", everybody(200), "/tin/{released}/ngung"),
    Row("tai-khoan/zalo/ma/", officers(), method="POST"),
    Row("tai-khoan/zalo/go/", officers(302), method="POST"),
    # the REST API by token
    Row("api/v1/dossiers/", by_token(), token=True),
    Row(_API, involved(anonymous=401), "/api/v1/dossiers/{handle}/", token=True),
    Row(
        _API + "timeline/",
        involved(anonymous=401),
        "/api/v1/dossiers/{handle}/timeline/",
        token=True,
    ),
    Row(
        _API + "receipt.pdf",
        involved(anonymous=401),
        "/api/v1/dossiers/{handle}/receipt.pdf",
        token=True,
    ),
    Row(
        _API + "notifications/",
        involved(anonymous=401),
        "/api/v1/dossiers/{handle}/notifications/",
        token=True,
    ),
    Row(
        _API + "actions/<str:action>/",
        involved(409, anonymous=401),
        "/api/v1/dossiers/{handle}/actions/take/",
        "POST",
        {"version": "1"},
        token=True,
    ),
    Row("api/v1/procedures/", by_token(), token=True),
    Row("api/v1/procedures/<str:code>/", by_token(), "/api/v1/procedures/1.001612/", token=True),
    Row("api/v1/lookup/<str:token>/", everybody(200), "/api/v1/lookup/{token}/", token=True),
    Row("api/v1/schema/", everybody(200), token=True),
    Row("api/v1/docs/", everybody(200), token=True),
    Row("^api/", everybody(404), "/api/v9/", token=True),
    # machines and the administration
    Row("webhooks/zalo/", everybody(200), method="POST"),  # what is not signed is not kept
    Row("admin/", only("administrator", others=302)),
)
