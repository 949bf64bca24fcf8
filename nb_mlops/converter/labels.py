"""What a stage of the machine-learning lifecycle looks like in headings and in calls. Reviewed by hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

# Where two labels are equally likely, the earlier one names what the code is for.
PRIORITY = ("train", "tune", "evaluate", "predict", "load", "split", "features", "prepare", "save", "plots", "explore")

_HEADINGS = {
    "load": r"load|read|import(?:ing)? (?:the )?data|get(?:ting)? (?:the )?data|fetch|download|ingest|data ?sets?$",
    "split": r"split|hold.?out|train.{0,5}test",
    "prepare": r"clean|prepar|preprocess|missing|imput|outlier|wrangl|tidy|dedup|normali[sz]e the data",
    "features": r"feature|encod|scal(?:e|ing)|transform|engineer|dimension|vectori[sz]",
    "tune": r"tun(?:e|ing)|hyper|grid.?search|cross.?valid|model selection|compare models",
    "train": r"train|fit(?:ting)?\b|learn|model(?:l?ing)?\b|build (?:a|the) model|classif|regress|cluster",
    "evaluate": r"evaluat|metric|score|accuracy|performance|confusion|assess|residual|error analysis|validat|poor",
    "predict": r"predict(?!ion)|(?:make|making) predictions|inference|forecast|submission",
    "save": r"save|export|persist|declare|register|serialis|serializ",
    "plots": r"plot|visuali[sz]|chart|figure|graph",
    "explore": r"explor|eda|look|overview|inspect|describe|summar|statistic|distribution|correlat",
}

_CALLS = {
    "load": r"read_\w+|load_\w+|fetch_\w+|loadtxt|genfromtxt|load|make_(?:blobs|moons|classification|regression)",
    "split": r"train_test_split|KFold|StratifiedKFold|TimeSeriesSplit|ShuffleSplit",
    "prepare": r"dropna|fillna|drop_duplicates|drop|replace|astype|rename|merge|SimpleImputer|to_datetime",
    "features": r"get_dummies|fit_transform|transform|OneHotEncoder|StandardScaler|MinMaxScaler|PCA|TfidfVectorizer",
    "tune": r"GridSearchCV|RandomizedSearchCV|cross_val_score|cross_validate|learning_curve|validation_curve",
    "train": r"fit|partial_fit|fit_predict|compile|train|backward",
    "evaluate": r"\w*_score|score|confusion_matrix|classification_report|mean_\w+_error|roc_curve|evaluate|metric",
    "predict": r"predict|predict_proba|forecast",
    "save": r"to_csv|to_parquet|to_pickle|dump|savez?|save_model|log_model",
    "plots": r"plot|scatter|hist|bar|barh|imshow|subplots|figure|show|boxplot|pairplot|heatmap|errorbar",
    "explore": r"head|tail|describe|info|value_counts|sample|nunique|corr|groupby",
}

_WEIGHT = {"train": 3, "tune": 3, "evaluate": 2, "split": 2, "predict": 2, "load": 2, "plots": 1, "explore": 1}

_MAKING = frozenset({"train", "tune", "load", "split", "save"})
_HEADING_WORDS = {label: re.compile(rf"\b(?:{words})", re.I) for label, words in _HEADINGS.items()}
_CALL_WORDS = {label: re.compile(rf"(?:{words})\Z") for label, words in _CALLS.items()}
MODULES = frozenset(PRIORITY)


def label_of(heading: str, calls: Iterable[str]) -> str:
    """The lifecycle label of a stage from its heading, else from the functions it calls; "" when neither tells."""
    named = [label for label in PRIORITY if _HEADING_WORDS[label].search(heading)]
    counts: Counter[str] = Counter()
    for call in calls:
        for label in PRIORITY:
            if _CALL_WORDS[label].match(call):
                counts[label] += _WEIGHT.get(label, 1)
    if named:
        return max(named, key=lambda label: (counts[label], -PRIORITY.index(label)))
    if not counts:
        return ""
    if counts.keys() & _MAKING:  # what is looked at on the way does not name the stage
        counts.pop("plots", None)
        counts.pop("explore", None)
    return max(counts, key=lambda label: (counts[label], -PRIORITY.index(label)))
