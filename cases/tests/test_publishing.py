"""Drafts and publication: what is published stands, what comes next is drafted first."""

import unicodedata
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.db.utils import ProgrammingError

from cases.models import (
    Fee,
    Procedure,
    ProcedureCase,
    ProcedureStep,
    ProcedureVersion,
    RequiredDocument,
)
from cases.services.catalogue import create_draft, differences, problems_of, publish
from cases.services.catalogue.rows import read_version
from cases.tests.cast import SPLIT_PLOT, current
from common.errors import DomainError
from offices.models import Officer


@pytest.fixture
def published(province: None) -> ProcedureVersion:
    return current(SPLIT_PLOT)


@pytest.fixture
def draft(published: ProcedureVersion) -> ProcedureVersion:
    return create_draft(published)


def refused_by_database(work: Callable[[], object]) -> bool:
    try:
        with transaction.atomic():
            work()
    except ProgrammingError:  # what a trigger raises
        return True
    return False


def test_published_version_is_frozen_in_the_database(published: ProcedureVersion) -> None:
    case = published.cases.all()[0]
    versions = ProcedureVersion.objects.filter(pk=published.pk)

    assert refused_by_database(lambda: versions.update(name="Khác"))
    assert refused_by_database(lambda: versions.update(state="draft", published_at=None))
    assert refused_by_database(lambda: published.cases.update(deadline_amount=99))
    assert refused_by_database(lambda: published.steps.all().delete())
    assert refused_by_database(lambda: case.documents.update(required=False))
    assert refused_by_database(lambda: Fee.objects.create(case=case, position=99, kind="fee"))
    assert refused_by_database(
        lambda: ProcedureStep.objects.create(
            version=published, position=99, key="x", role="clerk", working_hours=1
        )
    )
    published.refresh_from_db()
    assert published.is_published


@pytest.mark.parametrize(
    "model", [ProcedureVersion, ProcedureCase, ProcedureStep, RequiredDocument, Fee]
)
def test_tables_of_published_versions_are_not_emptied(
    published: ProcedureVersion, model: type[Model]
) -> None:
    def empty() -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {model._meta.db_table} CASCADE")

    assert refused_by_database(empty)


def test_draft_says_what_its_version_says(
    published: ProcedureVersion, draft: ProcedureVersion
) -> None:
    assert (draft.state, draft.number) == ("draft", 2)
    assert read_version(draft) == read_version(published)
    assert differences(draft) == []
    assert problems_of(draft) == []


def test_procedure_has_one_draft_at_a_time(
    published: ProcedureVersion, draft: ProcedureVersion
) -> None:
    with pytest.raises(DomainError) as refusal:
        create_draft(published)

    assert refusal.value.status == 409


def test_publishing_makes_the_draft_current_and_names_who_did_it(
    draft: ProcedureVersion, administrator: Officer
) -> None:
    draft.cases.update(deadline_amount=9)

    publish(draft, officer=administrator)

    version = Procedure.objects.get(code=SPLIT_PLOT).current
    assert version == draft
    assert (version.state, version.published_by) == ("published", administrator)
    assert version.published_at is not None


def test_difference_names_case_and_column(draft: ProcedureVersion) -> None:
    case = draft.cases.all()[0]
    case.deadline_amount = 9
    case.save()
    RequiredDocument.objects.filter(case=case, key="d1").delete()

    found = differences(draft)

    deadline = next(change for change in found if change.after == "9")
    assert deadline.before == "7"
    assert case.code in deadline.place
    assert any("d1" in change.place and change.after == "" for change in found)


def test_draft_that_breaks_rules_is_refused_with_every_one(draft: ProcedureVersion) -> None:
    draft.cases.update(deadline_amount=1)
    draft.steps.filter(key="receive").delete()

    with pytest.raises(DomainError) as refusal:
        publish(draft, officer=None)

    assert len(refusal.value.reasons) >= draft.cases.count()
    assert Procedure.objects.get(code=SPLIT_PLOT).current != draft


def test_published_version_is_not_published_again(published: ProcedureVersion) -> None:
    with pytest.raises(DomainError) as refusal:
        publish(published, officer=None)

    assert refusal.value.code == "already_published"


def test_draft_of_an_overtaken_version_is_refused(published: ProcedureVersion) -> None:
    publish(create_draft(published), officer=None)
    late = create_draft(published)

    with pytest.raises(DomainError) as refusal:
        publish(late, officer=None)

    assert refusal.value.code == "stale_draft"


def test_text_of_every_part_of_a_draft_is_kept_in_one_form(draft: ProcedureVersion) -> None:
    apart = unicodedata.normalize("NFD", "  Giấy tờ  và lệ phí ")
    case, step = draft.cases.all()[0], draft.steps.all()[0]
    paper, fee = case.documents.all()[0], Fee(case=case, position=99, channel="counter", kind="fee")
    draft.field, draft.legal_basis = apart, [apart]
    case.note = step.name = paper.when = fee.note = apart
    rows: tuple[Model, ...] = (draft, case, step, paper, fee)

    for row in rows:
        row.save()
        row.refresh_from_db()

    said = {draft.field, *draft.legal_basis, case.note, step.name, paper.when, fee.note}
    assert said == {"Giấy tờ và lệ phí"}
