"""What an administrator may do in the administration, exactly; nobody needs superuser rights."""

_VIEW = ("view",)
_EDIT = ("view", "add", "change")
_ALL = ("view", "add", "change", "delete")

# App -> model -> actions. Nothing here may change a dossier, an event or a delivery. “change” of a
# template and of a webhook is the right to have the program ask or try again; no field is written.
ADMINISTRATOR_RIGHTS: dict[str, dict[str, tuple[str, ...]]] = {
    "admin": {"logentry": _VIEW},
    "offices": {
        "commune": ("view", "change"),
        "formercommune": _VIEW,
        "office": _EDIT,
        "weeklyinterval": _ALL,
        "calendarday": _ALL,
        "officer": _EDIT,
        "roleassignment": _ALL,
        "apitoken": _EDIT,
    },
    "cases": {
        "portalsettings": ("view", "change"),
        "procedure": _VIEW,
        "procedureversion": ("view", "change", "delete"),  # change and delete: drafts only
        "procedurecase": _ALL,
        "requireddocument": _ALL,
        "fee": _ALL,
        "procedurestep": _ALL,
        "dossier": _VIEW,
        "dossierevent": _VIEW,
        "dossierstep": _VIEW,
        "dossierpaper": _VIEW,
        "clockentry": _VIEW,
        "duepromise": _VIEW,
        "supplementrequest": _VIEW,
    },
    "citizens": {
        "citizen": _VIEW,
        "consent": _VIEW,
        "zalolink": _VIEW,
        "personaldataaccess": _VIEW,
    },
    "notifications": {
        "announcement": _VIEW,
        "announcementevent": _VIEW,
        "channelhold": _VIEW,
        "chatanswer": ("view", "change"),
        "chatreply": _VIEW,
        "delivery": _VIEW,
        "deliveryattempt": _VIEW,
        "notification": _VIEW,
        "webhookinbox": ("view", "change"),
        "zaloaccount": _VIEW,
        "zalotemplate": ("view", "change"),
    },
}
