"""Roles and the rights in the administration that one of them brings."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command

from offices.authentication import ApiTokenAuthentication
from offices.kinds import Role
from offices.models import ApiToken, Office, Officer, RoleAssignment
from offices.services.roles import ADMINISTRATORS, ensure_administrators, sync_administration


def give(officer: Officer, office: Office, role: Role) -> None:
    """The role, with what it opens, as the officer's page gives it."""
    RoleAssignment.objects.create(officer=officer, office=office, role=role)
    sync_administration(officer)


def test_administrator_role_opens_the_administration_without_superuser_rights(
    province: None, front_desk: Officer
) -> None:
    office = Office.objects.get(code="van-phong-uy-ban-tinh")

    give(front_desk, office, Role.ADMINISTRATOR)

    officer = Officer.objects.get(pk=front_desk.pk)
    assert officer.is_staff
    assert not officer.is_superuser
    assert officer.has_perm("offices.add_calendarday")
    assert not officer.has_perm("cases.change_dossier")


def test_taking_the_role_away_closes_the_administration(
    province: None, administrator: Officer
) -> None:
    administrator.role_assignments.all().delete()
    sync_administration(administrator)

    officer = Officer.objects.get(pk=administrator.pk)
    assert not officer.is_staff
    assert not officer.groups.exists()


def test_other_roles_do_not_open_the_administration(province: None, front_desk: Officer) -> None:
    office = Office.objects.get(code="so-noi-vu")

    give(front_desk, office, Role.LEADER)

    assert not Officer.objects.get(pk=front_desk.pk).is_staff


def test_setup_groups_may_run_again_and_restores_the_exact_rights(
    province: None, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = set(ensure_administrators().permissions.values_list("codename", flat=True))
    group = Group.objects.get(name=ADMINISTRATORS)
    group.permissions.clear()

    call_command("setup_groups")
    call_command("setup_groups")

    assert set(group.permissions.values_list("codename", flat=True)) == wanted
    assert not {"change_dossier", "add_dossierevent", "change_group", "delete_officer"} & wanted
    assert ADMINISTRATORS in capsys.readouterr().out


def test_create_api_token_prints_a_token_that_only_its_digest_is_kept_of(
    province: None, front_desk: Officer, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("create_api_token", front_desk.username)

    token = capsys.readouterr().out.strip()
    kept = ApiToken.objects.get(officer=front_desk)
    assert len(token) == 43
    assert token not in str(kept.__dict__)
    from rest_framework.test import APIRequestFactory

    request = APIRequestFactory().get("/", headers={"Authorization": f"Token {token}"})
    found = ApiTokenAuthentication().authenticate(request)
    assert found is not None
    assert found[0] == front_desk


def test_create_api_token_refuses_an_unknown_officer(province: None) -> None:
    with pytest.raises(CommandError, match="ai-do"):
        call_command("create_api_token", "ai-do")
