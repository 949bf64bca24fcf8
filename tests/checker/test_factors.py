from __future__ import annotations

from nb_mlops.checker.factors import Kind, other_locale, usual, words


def test_what_is_changed_differs_from_what_the_caller_has() -> None:
    own = {"TZ": "Asia/Kathmandu", "OMP_NUM_THREADS": "1", "LANG": "de_DE.UTF-8"}
    found = {factor.kind: factor.value for factor in usual(own, ("de_DE.utf8", "sv_SE.utf8"), 4)}
    assert found == {
        Kind.HASH_SEED: "1",
        Kind.THREADS: "2",
        Kind.TIME_ZONE: "America/St_Johns",
        Kind.LOCALE: "sv_SE.utf8",
    }


def test_where_no_other_language_is_installed_the_locale_stays() -> None:
    assert other_locale({"LANG": "C.UTF-8"}, ("C", "C.utf8", "POSIX", "de_DE.iso88591")) == ""


def test_factors_are_told_in_words() -> None:
    assert words({"PYTHONHASHSEED": "1", "TZ": "Asia/Kathmandu"}) == "another PYTHONHASHSEED and TZ=Asia/Kathmandu"
