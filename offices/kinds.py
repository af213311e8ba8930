"""Words of the office tree: kinds of offices and roles of officers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OfficeKind(models.TextChoices):
    """Kinds of offices.csv; a step of a procedure names a kind or the code of one office."""

    PROVINCE = "province", _("province")
    CENTRE = "centre", _("service centre")
    SITE = "site", _("site of the service centre")
    DEPARTMENT = "department", _("department")
    DIVISION = "division", _("division")
    LAND_REGISTRY = "land_registry", _("land registry")
    LAND_REGISTRY_BRANCH = "land_registry_branch", _("land registry branch")
    TAX = "tax", _("tax office")
    INSURANCE = "insurance", _("social insurance")
    POLICE = "police", _("police")
    POST = "post", _("post office")
    COMMUNE = "commune", _("commune")
    COMMUNE_ONESTOP = "commune_onestop", _("commune service centre")
    COMMUNE_OFFICE = "commune_office", _("office of the commune")
    COMMUNE_ECONOMY = "commune_economy", _("economy division of the commune")
    COMMUNE_CULTURE = "commune_culture", _("culture division of the commune")
    COMMUNE_POLICE = "commune_police", _("police of the commune")


# Where a citizen may hand in a dossier.
RECEIVING_KINDS = frozenset({OfficeKind.SITE, OfficeKind.COMMUNE_ONESTOP})
# One of each stands in every commune.
COMMUNE_KINDS = frozenset(k for k in OfficeKind if k.value.startswith("commune"))


class Role(models.TextChoices):
    """What an officer may do in one office."""

    FRONT_DESK = "front_desk", _("front desk")
    PROCESSOR = "processor", _("processor")
    LEADER = "leader", _("leader")
    CLERK = "clerk", _("clerk")
    ADMINISTRATOR = "administrator", _("administrator")
    ANNOUNCER = "announcer", _("announcer")
    RELEASER = "releaser", _("releaser")


# Who has work in queues; the other roles keep data or write to citizens.
QUEUE_ROLES = frozenset({Role.FRONT_DESK, Role.PROCESSOR, Role.LEADER, Role.CLERK})


class DayKind(models.TextChoices):
    """How a day differs from its weekday."""

    OFF = "off", _("day off")
    WORK = "work", _("made-up working day")
    HALF = "half", _("half day")
