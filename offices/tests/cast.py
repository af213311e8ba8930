"""Officers for tests of every app."""

from common.text import fold
from offices.kinds import Role
from offices.models import Office, Officer, RoleAssignment
from offices.services.roles import sync_administration

MY_THO = "phuong-my-tho-28261"
"""Code of the commune in which most tests play; its offices are MY_THO + "-mot-cua" and so on."""

_NAMES = {
    Role.FRONT_DESK: "Lê Thị Tiếp Nhận",
    Role.PROCESSOR: "Trần Văn Thụ Lý",
    Role.LEADER: "Phạm Thị Lãnh Đạo",
    Role.CLERK: "Võ Văn Văn Thư",
    Role.ADMINISTRATOR: "Đặng Thị Quản Trị",
    Role.ANNOUNCER: "Huỳnh Văn Soạn Tin",
    Role.RELEASER: "Ngô Thị Duyệt Tin",
}


def officer_of(office_code: str, role: str) -> Officer:
    """The officer with this role in this office, created when nobody has it; cannot log in by form.

    The same arguments find the same officer, who alone has the role there.
    """
    office = Office.objects.get(code=office_code)
    assigned = RoleAssignment.objects.filter(office=office, role=role).select_related("officer")
    if (known := assigned.order_by("id").first()) is not None:
        return known.officer
    return add_officer(office, role)


def add_officer(office: Office, role: str, *, name: str = "") -> Officer:
    """One more officer with the role in the office."""
    number = RoleAssignment.objects.filter(office=office, role=role).count() + 1
    officer = Officer(
        username=fold(f"{role}.{office.code}.{number}"),
        full_name=name or _NAMES[Role(role)],
        office=office,
    )
    officer.set_unusable_password()
    officer.save()
    RoleAssignment.objects.create(officer=officer, office=office, role=role)
    return officer


def administrator() -> Officer:
    """An administrator without superuser rights, as the roles make one."""
    officer = officer_of("van-phong-uy-ban-tinh", Role.ADMINISTRATOR)
    sync_administration(officer)
    return officer
