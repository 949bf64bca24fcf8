"""The tables of token formats hold what their head promises."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter

from nb_mlops.knowledge.tokens import Run, formats, parts
from nb_mlops.knowledge.tokens.checks import holds
from nb_mlops.knowledge.tokens.forge import forge


def test_a_row_says_who_issues_it_where_that_is_said_and_what_to_do() -> None:
    for form in formats():
        assert form.source.startswith("https://"), form.name
        assert form.leaked, form.name
        assert form.env.replace("_", "").isalnum(), form.name
        assert form.env.isupper(), form.name
        assert form.title.startswith(form.issuer), form.name


def test_a_form_names_where_it_can_be_seen_and_few_are_known_by_hearsay() -> None:
    assert all(len(form.seen) == len(set(form.seen)) for form in formats())
    assert sum(not form.seen for form in formats()) <= 20


def test_no_two_rows_share_a_name_or_a_shape_that_nothing_tells_apart() -> None:
    assert len(formats()) >= 300
    assert not [name for name, count in Counter(form.name for form in formats()).items() if count > 1]
    plain = Counter(form.shape for form in formats() if not form.near)
    assert not [shape for shape, count in plain.items() if count > 1]


def test_every_shape_is_bounded_and_what_is_forged_of_it_passes_its_check() -> None:
    for form in formats():
        for part in parts(form.shape):
            assert not isinstance(part, Run) or 0 <= part.least <= part.longest <= 2000, form.name
        value = forge(form, random.Random(form.name).randint)
        assert holds(form.check, value), form.name
        assert form.has in value, form.name


def test_the_tables_are_read_when_a_word_may_be_a_token_and_not_before() -> None:
    form = next(form for form in formats() if not form.near and form.sure)
    token = forge(form, random.Random(7).randint)
    code = (
        "import sys; from nb_mlops.analysis.sensitive.detect import find_secrets\n"
        "find_secrets('x = ' + 'a' * 30); known = 'nb_mlops.knowledge.tokens.models' in sys.modules\n"
        f"find_secrets({token!r}); print(known, 'nb_mlops.knowledge.tokens.models' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False True"
