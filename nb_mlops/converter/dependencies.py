"""Which distributions the generated code needs, at the versions that ran."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nb_mlops.converter.trees import nodes, tree_of
from nb_mlops.knowledge import words

# Import name → distribution, where the two differ. Reviewed by hand, from the projects' own installation pages.
_DISTRIBUTIONS = {
    "sklearn": "scikit-learn",
    "skimage": "scikit-image",
    "PIL": "pillow",
    "cv2": "opencv-python",
    "yaml": "PyYAML",
    "bs4": "beautifulsoup4",
    "dateutil": "python-dateutil",
    "dotenv": "python-dotenv",
    "mpl_toolkits": "matplotlib",
    "pylab": "matplotlib",
    "umap": "umap-learn",
    "imblearn": "imbalanced-learn",
    "serial": "pyserial",
    "git": "GitPython",
    "attr": "attrs",
    "Crypto": "pycryptodome",
    "pkg_resources": "setuptools",
    "fitz": "PyMuPDF",
    "docx": "python-docx",
    "pptx": "python-pptx",
    "sentence_transformers": "sentence-transformers",
    "pytorch_lightning": "pytorch-lightning",
    "MySQLdb": "mysqlclient",
    "psycopg2": "psycopg2-binary",
}

# Distributions that provide a module of their own name. Reviewed by hand, from the projects' own installation pages.
_SAME_NAME = words(
    "numpy pandas scipy matplotlib seaborn statsmodels plotly bokeh altair joblib tqdm requests torch torchvision"
    " torchaudio tensorflow keras jax flax xgboost lightgbm catboost optuna shap mlflow polars pyarrow networkx nltk"
    " spacy gensim sympy transformers datasets tokenizers accelerate peft diffusers evaluate boto3 sagemaker openpyxl"
    " xlrd sqlalchemy pydantic fastapi dask xarray numba h5py lxml click rich jinja2 pymongo folium geopandas shapely"
    " prophet streamlit gradio langchain openai anthropic tensorflow_datasets tensorflow_hub ipywidgets"
)


@dataclass(frozen=True, slots=True)
class Dependency:
    """A distribution; `version` is the one that ran, "" when none did; `sure` unless the name was only guessed."""

    name: str
    version: str = ""
    sure: bool = True

    @property
    def requirement(self) -> str:
        """From the version that ran up to the next one that may break."""
        numbers = re.match(r"(\d+)(?:\.(\d+))?", self.version)
        if not numbers:
            return self.name
        major, minor = int(numbers[1]), int(numbers[2] or 0)
        limit = f"{major + 1}" if major else f"0.{minor + 1}"
        return f"{self.name}>={self.version.partition('+')[0]},<{limit}"


def imported_modules(texts: Iterable[str]) -> frozenset[str]:
    """Top-level modules that the code imports, the standard library left out."""
    found = set()
    for node in (node for text in texts for node in nodes(tree_of(text))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return frozenset(found - sys.stdlib_module_names - {"__future__"})


def dependencies(modules: Iterable[str], packages: Mapping[str, str], asked: Sequence[str]) -> tuple[Dependency, ...]:
    """Distributions for `modules`; `packages` are those the run imported, `asked` the ones pip lines name."""
    versions = {_normal(name): (name, version) for name, version in packages.items()}
    wanted = {_normal(re.split(r"[=<>~!\[]", line)[0]) for line in asked}
    found = {}
    for module in modules:
        name = _DISTRIBUTIONS.get(module, module)
        known = versions.get(_normal(name))
        sure = known is not None or module in _DISTRIBUTIONS or module in _SAME_NAME or _normal(name) in wanted
        found[_normal(name)] = Dependency(*known) if known else Dependency(name.replace("_", "-"), "", sure)
    return tuple(found[key] for key in sorted(found))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
