"""The sections of a model's card: sentences, tables and bars, whatever form they are shown in. All text is plain."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nb_mlops.core.value import Struct
from nb_mlops.core.wording import size
from nb_mlops.reporters.figures import figure, interval, percent

_DRIVERS = 12
_CODE = re.compile("`([^`]*)`")
_SAID = (
    ("owner", "Who answers for it"),
    ("on_call", "Whom to call when it fails"),
    ("decision", "The decision it serves"),
    ("success_metric", "How one tells that it helps"),
    ("intended_use", "What it is for"),
    ("limits", "What it is not for"),
)
_NOBODY = "not said"


class Rows(Struct, frozen=True):
    """A table; empty heads are not shown."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Bar(Struct, frozen=True):
    """One bar: its length, the words beside it, and whether it is the model's own."""

    label: str
    value: float
    text: str
    note: str = ""
    own: bool = False


class Bars(Struct, frozen=True):
    """Bars to be compared; `notes` says whether each has a number of rows."""

    what: str
    measure: str
    bars: tuple[Bar, ...]
    notes: bool = False


class Section(Struct, frozen=True):
    """A heading with what stands below it; what is `aside` is for those who want to know more."""

    title: str
    parts: tuple[str | Rows | Bars, ...]
    aside: bool = False


def lead_of(values: Mapping[str, Any]) -> str:
    """The card in two sentences."""
    found, gate = values["evaluation"], values["gate"]
    if found["task"] == "classification":
        names = found["classes"]
        shown = ", ".join(names[:6]) + (" …" if len(names) > 6 else "")
        what = _quoted(f"Predicts `{found['target']}`: {shown}.")
    else:
        what = _quoted(f"Predicts the number `{found['target']}`.")
    open_ = (
        "All that the policy asks for is proven." if gate["passed"] else "Not all that the policy asks for is proven."
    )
    return f"{what} {open_}"


def sections_of(values: Mapping[str, Any]) -> Sequence[Section]:
    """All sections in order; one that has nothing to show is left out."""
    made = (_about, _open, _good, _groups, _drivers, _data, _made, _runs)
    return [section for make in made if (section := make(values)) is not None]


def _about(values: Mapping[str, Any]) -> Section:
    rows = tuple((words, values["about"][key].strip() or _NOBODY) for key, words in _SAID)
    return Section("What it is for", (Rows(("", ""), rows),))


def _good(values: Mapping[str, Any]) -> Section:
    found, metric = values["evaluation"], values["metric"]
    name = metric["name"].replace("_", " ")
    meaning = f", {metric['meaning']}" if metric["meaning"] else ""
    value = f"{figure(metric['value'])}{interval(metric)}"
    said = f"Measured on {_unseen(found['rows'])}: {name} {value}{meaning}."
    direction = "More is better." if metric["higher_is_better"] else "Less is better."
    rivals = [*found["baselines"], *([found["champion"]] if found["champion"] else [])]
    bars = [Bar("this model", metric["value"], figure(metric["value"]), own=True)]
    bars += [Bar(_rival(one), one["value"], figure(one["value"])) for one in rivals if one["value"] is not None]
    words = _quoted(" ".join(_gain(one) for one in rivals))
    beside = ", ".join(f"{one['name'].replace('_', ' ')} {figure(one['value'])}" for one in found["scores"])
    return Section(
        "How good it is",
        (
            f"{said} {direction}",
            Bars("answered by", name, tuple(bars)),
            words,
            *([f"Beside: {beside}."] if beside else []),
        ),
    )


def _unseen(rows: Mapping[str, Any]) -> str:
    """How many rows, and how far it is known that the model had not seen them."""
    shown = f"{rows['used']:,} rows that"
    if not rows["compared"]:
        return f"{shown} could not be compared with what it was made of, so it may have seen them"
    if rows["compared"] < rows["files"]:
        return f"{shown} are in none of the {rows['compared']} files that could be compared, of {rows['files']} it read"
    return f"{shown} it had never seen"


def _rival(one: Mapping[str, Any]) -> str:
    return f"version {one['version']}, in service" if one["version"] else str(one["name"])


def _gain(one: Mapping[str, Any]) -> str:
    if one["problem"]:
        return f"The {_rival(one)} could not be compared: {one['problem']}."
    what = f"The {one['name']} {one['words']}" if not one["version"] else f"{_rival(one).capitalize()}"
    if one["low"] is None:
        return f"{what}; whether the model is better cannot be told from these rows."
    sure = "surely better" if one["low"] > 0 else "surely worse" if one["high"] < 0 else "not surely better or worse"
    return f"{what}: against it the model is {sure}, by {figure(one['gain'])}{interval(one)}."


def _quoted(text: str) -> str:
    """Text with what stands in backticks between quotation marks."""
    return _CODE.sub("\N{LEFT DOUBLE QUOTATION MARK}\\1\N{RIGHT DOUBLE QUOTATION MARK}", text)


def _groups(values: Mapping[str, Any]) -> Section | None:
    groups = values["evaluation"]["groups"]
    if not groups:
        return None
    bars = [
        Bar(f"{g['column']}: {g['group']}", g["value"] or 0.0, figure(g["value"]), f"{g['rows']:,}") for g in groups
    ]
    name = values["metric"]["name"].replace("_", " ")
    value = values["metric"]["value"]
    whole = Bar("all rows", value, figure(value), f"{values['evaluation']['rows']['used']:,}", True)
    return Section("For whom", (Bars("group", name, (whole, *bars), True),))


def _drivers(values: Mapping[str, Any]) -> Section | None:
    drivers = values["evaluation"]["importances"]
    if not drivers:
        return None
    bars = tuple(
        Bar(one["column"], one["drop"], f"{figure(one['drop'])} \N{PLUS-MINUS SIGN} {figure(one['spread'])}")
        for one in drivers[:_DRIVERS]
    )
    name = values["metric"]["name"].replace("_", " ")
    words = (
        f"How much worse its {name} gets when the values of one column are shuffled, so that it can no longer use them."
    )
    more = f"{len(drivers) - _DRIVERS} more columns matter less." if len(drivers) > _DRIVERS else ""
    note = "It says what the model uses, not what causes what; columns that say the same share their weight."
    return Section("What it listens to", (words, Bars("column", f"fall of {name}", bars), f"{more} {note}".strip()))


def _open(values: Mapping[str, Any]) -> Section | None:
    problems = values["gate"]["problems"]
    if not problems:
        return None
    return Section("What is not proven", tuple(_quoted(problem) for problem in problems))


def _data(values: Mapping[str, Any]) -> Section:
    found, check = values["evaluation"], values["check"]
    files = tuple((file["path"], size(file["size"]), file["sha256"][:12]) for file in check["data"])
    rows = found["rows"]
    measured = f"Measured on {found['holdout']['path']}: {rows['used']:,} of {rows['total']:,} rows"
    left = f", {rows['overlap']:,} left out because the notebook read them too" if rows["overlap"] else ""
    columns = tuple(_column(column) for column in found["profile"])
    return Section(
        "The data",
        (
            *(
                ("It was made of:", Rows(("file", "size", "sha256"), files))
                if files
                else ("The notebook read no file.",)
            ),
            f"{measured}{left}. Its columns:",
            Rows(("column", "kind", "missing", "usual values"), columns),
        ),
        aside=True,
    )


def _column(column: Mapping[str, Any]) -> tuple[str, ...]:
    usual = ""
    if column["quantiles"]:
        ends = column["quantiles"]
        usual = f"{figure(ends[0])} to {figure(ends[-1])}, half below {figure(ends[len(ends) // 2])}"
    if column["labels"]:
        usual = ", ".join(f"{label} {percent(share)}" for label, share in list(column["labels"].items())[:5])
    return (column["name"], column["kind"], percent(column["missing"]), usual)


def _made(values: Mapping[str, Any]) -> Section:
    check, found, model = values["check"], values["evaluation"], values["model"]
    rows = (
        ("kind", model["kind"]),
        ("notebook", f"{check['notebook']} ({check['notebook_digest'][:12]})"),
        ("run again", f"{check['runs']} times: {check['verdict'].replace('-', ' ')}"),
        ("parameters", ", ".join(check["parameters"]) or "none were set"),
        ("files", f"tree {model['digest'][:12]}"),
        ("checked", check["issued"]),
        ("evaluated", f"{found['issued']}, network {'taken away' if found['isolation'] else 'not taken away'}"),
        ("signed by", f"{found['signer']}, assurance {found['assurance']}"),
    )
    return Section("How it was made", (Rows(("", ""), rows),), aside=True)


def _runs(values: Mapping[str, Any]) -> Section:
    found = values["evaluation"]
    serving = found["serving"]
    cost = f"1000 rows take {serving['seconds_per_1000']:.2g} s; loading takes {serving['load_seconds']:.2g} s"
    rows = (
        ("cost", f"{cost}; {serving['peak_mb']:.0f} MB of memory"),
        ("processor", found["cpu"]),
        ("libraries", ", ".join(f"{name} {version}" for name, version in found["packages"].items())),
        ("file formats", ", ".join(dict.fromkeys(file["format"] for file in found["files"]))),
        ("contract", f"schema {found['contract']['schema'][:12]}" if found["contract"]["schema"] else "none declared"),
    )
    return Section("What it needs", (Rows(("", ""), rows),), aside=True)
