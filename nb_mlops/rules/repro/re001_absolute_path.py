"""A file is read or written by a path that exists on one machine only.

## What it does

Finds texts that are absolute paths (`/srv/rates/data.csv`, `D:/rates/a.csv`, `/mnt/share/x`) where a file or a folder
is opened, read or written, and where they are given to a name that says it holds a path.

## Why is this bad?

Anybody else's copy of the notebook stops at that line, and so does a scheduled run: there is no such folder there.

## What it leaves alone

Addresses on the web, places that every system of a kind has (`/tmp`, `/dev`, `/usr`, `/etc` …) and those of hosts that
notebooks are made for (`/content`, `/kaggle`, `/dbfs`, `/opt/ml` …; on Databricks and the like all that begin with
`/`, which the whole workspace shares), what a user's folder hides (`~/.config`), and texts that only look like a path,
are asked for before they are used (`os.path.exists`), or lie on another machine (`remote_path`). Folders that bear a
user's name are told by ED013.

## What to do

Keep the data in the project and name it relative to the notebook (`data/a.csv`), or make the folder a parameter.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.analysis.walk import walk
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.core.notebook import Cell
from nb_mlops.linter.rule import Hit, Rule, code, example

# One of these in a text that begins like a path; most cells hold none. The quote is looked for behind the sign.
_SUSPECT = (
    pattern(r"""/(?<=["']/)[\w.~-]+/"""),
    pattern(r"""~/(?<=["']~/)"""),
    pattern(r""":(?<=["'][A-Za-z]:)[\\/]"""),
    pattern(r"""\\\\(?<=["']\\\\)"""),
)
_ABSOLUTE = pattern(
    r"(?:/[\w.~ -]+/[^\n\0<>|*?]*|~/[^\n\0<>|]+|[A-Za-z]:[\\/][^\n\0<>|*?]*|\\\\[\w.-]+\\[^\n\0<>|*?]*)\Z"
)
_EVERYWHERE = pattern(
    r"~/\.|/(?:home|Users)/|[A-Za-z]:[\\/]+Users[\\/]|/root/\.|/path/to/|/(?:tmp|dev|proc|sys|usr|bin|sbin|etc|lib|var/(?:log|tmp)|content|kaggle|gcs|opt/deeplearning|dbfs|databricks|FileStore|opt/ml|lakehouse|"
    r"workspace|workspaces|notebooks|gdrive|home/(?:jovyan|user|studio-lab-user|ec2-user|sagemaker-user|nbuser))(?:/|\Z)"
)
_OPENS = pattern(
    r"(?:.*\.)?(?:open|read_\w+|to_(?:csv|excel|json|parquet|pickle|hdf|feather|html)|load|loadtxt|genfromtxt|savetxt|save|savez|"
    r"dump|Path|PurePath|PosixPath|WindowsPath|listdir|scandir|walk|makedirs|mkdir|glob|iglob|imread|imwrite|savefig|"
    r"join|copy|copyfile|move|rmtree|remove|ZipFile|loadmat|File|connect|fromfile|load_model|"
    r"from_pretrained|ImageFolder|flow_from_directory|image_dataset_from_directory)\Z"
)
_NOT_FILES = pattern(r"(?:requests|urllib|http|flask|app|router|session|client)\b|.*\burl")
_NAMES_PATH = pattern(
    r"(?!.*(?:remote|artifact|s3|blob|url|uri|container|endpoint|route|image))"
    r"(?:.*_)?(?:fp|infp|outfp|fname|infile|outfile|inpath|outpath|path|paths|dir|dirs|folder|root|file|filename|filepath|basedir|datadir|outdir|directory)\d*\Z",
    2,
)


def check(view: View) -> Iterator[Hit]:
    """One hit for each absolute path, once a cell."""
    hosted: bool | None = None
    for cell in view.sources.matching(*_SUSPECT):
        tree = view.python[cell.index].tree
        if tree is None:
            continue
        told: set[str] = set()
        for node, text in (*_given(view, cell), *_named(tree)):
            if text not in told and _ABSOLUTE.match(text) and not _EVERYWHERE.match(text):
                told.add(text)
                if text.startswith("/"):  # on Databricks and the like: a path in the workspace's own storage
                    hosted = view.is_hosted if hosted is None else hosted
                    if hosted:
                        continue
                yield Hit(_MESSAGE, view.node_span(cell, node))


_MESSAGE = (
    "This path exists on one machine only: any other copy of the notebook, and any scheduled run, stops here. Name the "
    "file relative to the notebook, or make its folder a parameter."
)


def _given(view: View, cell: Cell) -> Iterator[tuple[ast.expr, str]]:
    """Texts that are handed to what opens files."""
    for call in view.calls(cell):
        if _OPENS.match(call.name) and not _NOT_FILES.match(call.name):
            values = [*call.node.args, *(one.value for one in call.node.keywords)]
            yield from ((value, text) for value in values if (text := _text(value)))


def _named(tree: ast.Module) -> Iterator[tuple[ast.expr, str]]:
    """Texts that a name gets which says it holds a path."""
    for node in walk(tree):
        if isinstance(node, ast.Assign) and (text := _text(node.value)):
            named = (target.id for target in node.targets if isinstance(target, ast.Name))
            if any(map(_NAMES_PATH.match, named)):
                yield node.value, text


def _text(node: ast.expr) -> str:
    """A text, or the beginning of one that is put together."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    elif isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Div)):
        return _text(node.left)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


RULE = Rule(
    "RE001",
    "absolute-path",
    Severity.WARNING,
    bad=lambda: (
        example(code("import pandas as pd\nframe = pd.read_csv('/srv/ada/rates/2024.csv')")),
        example(code("data_dir = r'D:\\rates\\2024'")),
        example(code("roads_fp = r'C:\\GIS\\roads.shp'\noutfp = '/srv/ada/roads.shp'")),
        example(code("import os\nprint(os.listdir('/mnt/share/rates'))")),
        example(code("import joblib\njoblib.dump({}, '/scratch/models/' + str(1))")),
    ),
    good=lambda: (
        example(code("frame = pd.read_csv('data/2024.csv')\nopen('/dev/null')\nurl_path = '/api/rates/latest'[1:]")),
        example(code("frame = pd.read_csv('/kaggle/input/rates/2024.csv')\nopen('/tmp/scratch.txt', 'w')")),
        example(code("path = '/mnt/rates/bronze'\nspark.read.json('/mnt/rates/bronze')")),  # Databricks
        example(code("import requests\nrequests.get(base + '/v1/rates/2024')\nprint('/srv/ada/rates')")),
    ),
    check=check,
)
