from __future__ import annotations

import pytest

from nb_mlops.core.errors import ExitCode, SettingsError
from nb_mlops.core.settings import Settings, settings_from, settings_rows
from nb_mlops.core.settings.build import NAMED, SECTIONS


def test_an_empty_table_gives_the_defaults() -> None:
    assert settings_from({}, "pyproject.toml") == Settings()


def test_keys_may_be_written_with_dashes_or_underscores() -> None:
    dashed = settings_from({"lint": {"fail-on": "error"}}, "f")
    assert dashed == settings_from({"lint": {"fail_on": "error"}}, "f")
    assert dashed.lint.fail_on == "error"


def test_an_unknown_key_is_an_error_that_suggests_the_nearest_name() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({"lint": {"selct": ["EX"]}}, "pyproject.toml")
    assert "`selct`" in str(caught.value)
    assert "pyproject.toml" in str(caught.value)
    assert "`select`" in caught.value.remedy
    assert caught.value.exit_code == ExitCode.USAGE


def test_an_unknown_section_is_an_error_that_suggests_the_nearest_name() -> None:
    with pytest.raises(SettingsError) as caught:
        settings_from({"lnit": {}}, "f")
    assert "`lint`" in caught.value.remedy


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"lint": {"select": "EX"}}, "list of str"),
        ({"lint": {"max-output-kb": "9"}}, "type int"),
        ({"check": {"repeat": True}}, "type int"),
        ({"lint": {"fail-on": "fatal"}}, "one of info, warning, error"),
        ({"lint": 3}, "must be a table"),
    ],
)
def test_a_wrong_value_is_an_error_that_says_what_would_be_right(table: dict[str, object], expected: str) -> None:
    with pytest.raises(SettingsError, match=expected):
        settings_from(table, "f")


def test_a_whole_number_serves_where_a_float_is_asked_for() -> None:
    assert settings_from({"check": {"rtol": 0}}, "f").check.rtol == 0.0


def test_every_setting_has_one_line_of_documentation() -> None:
    rows = settings_rows()
    assert len(rows) == sum(len(section.__struct_fields__) for section in (*SECTIONS.values(), *NAMED.values()))
    assert all(doc and "\n" not in doc for *_, doc in rows)
