"""docs/settings.md says what the code does."""

from onestop.launch import settings_page


def test_the_page_is_the_one_that_the_code_makes() -> None:
    assert settings_page.PAGE.read_text(encoding="utf-8") == settings_page.page(), (
        "run `make settings-page`"
    )


def test_defaults_in_the_example_are_those_of_the_code() -> None:
    declared = settings_page.declarations()
    differing = [
        f"{variable.name}: {variable.value} is not {declared[variable.name].default}"
        for section in settings_page.sections()
        for variable in section.variables
        if not variable.is_needed and variable.name in declared
        if declared[variable.name].default not in ("…", variable.value.strip('"'))
    ]
    assert differing == []


def test_what_must_be_set_has_no_default_that_would_do() -> None:
    """Lists of hosts have one for this machine only; the rest fails or is empty without."""
    declared = settings_page.declarations()
    for section in settings_page.sections():
        for variable in section.variables:
            if variable.is_needed and variable.name in declared:
                default = declared[variable.name].default
                assert not default or "localhost" in default, variable.name


def test_each_variable_has_words() -> None:
    for section in settings_page.sections():
        assert section.title
        for variable in section.variables:
            assert variable.words, variable.name
