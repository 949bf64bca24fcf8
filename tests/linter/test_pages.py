"""A rule's page shows what the rule finds, in its own words, and nothing that must not be shown."""

from __future__ import annotations

import re

import pytest

from nb_mlops.analysis.sensitive.detect import find_secrets
from nb_mlops.linter.load import load_rules
from nb_mlops.linter.pages import page_with_examples
from nb_mlops.linter.rule import Rule

RULES = load_rules()


def test_a_page_ends_with_an_example_what_is_said_of_it_and_what_is_left_alone() -> None:
    page = page_with_examples(RULES["EX005"])
    assert page.startswith(RULES["EX005"].page)
    before, quoted, after = re.split(r"(?m)^> (.*)$", page[len(RULES["EX005"].page) :])
    assert "## Example" in before
    assert "In [4]: math.sqrt(width)\n      > 3.0" in before
    assert "`width`" in quoted
    assert after.lstrip().startswith("Left alone:\n\n```\nIn [1]: width = 9")


def test_what_a_fix_makes_of_the_code_is_shown() -> None:
    assert 'Mended:\n\n```\nIn [ ]: import os\n        token = os.environ["HF_TOKEN"]' in page_with_examples(
        RULES["SE001"]
    )


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.code)
def test_the_page_of_every_rule_can_be_made_and_shows_no_secret(rule: Rule) -> None:
    page = page_with_examples(rule)
    assert page.count("```") % 2 == 0
    before = len(rule.page)
    fenced = "\n".join(re.findall(r"(?s)Example\n\n```\n(.*?)\n```", page[before:]))
    assert not list(find_secrets(fenced))


def test_what_counts_is_shown_where_it_stands_beside_the_cells() -> None:
    assert "(file: analysis/.ipynb_checkpoints/churn-checkpoint.ipynb)" in page_with_examples(RULES["FM008"])
    assert "In [ ]: rows = 10\n        (tags: ['parameters'])" in page_with_examples(RULES["RE019"])
    assert "In [ ]: x = 1\n        (id: load)" in page_with_examples(RULES["FM003"])


def test_an_example_in_which_nothing_can_be_seen_is_not_shown() -> None:
    assert page_with_examples(RULES["FM009"]) == RULES["FM009"].page
