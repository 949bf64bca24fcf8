"""Random numbers that nobody seeded: the next run draws others.

## What it does

Tells the first draw of each generator that no cell seeds: NumPy's global one (with what draws from it: pandas'
`sample`, scikit-learn's splits, ensembles and other algorithms without `random_state`), `random`, `default_rng()`
without a seed, PyTorch's and TensorFlow's. Layers of a neural network that the notebook trains draw the weights that
training begins with.

## Why is this bad?

Scores, figures and the model come out differently each time, so nobody can tell a better model from better luck, nor
check what the notebook claims.

## What it leaves alone

A generator that any cell seeds, `random_state=` and `seed=` that are given, calls whose arguments nobody can see
(`**options`), ids made of letters, and generators that are handed in.

## What to do

Seed it once at the top (`np.random.seed(0)`, `random.seed(0)`, `torch.manual_seed(0)`,
`keras.utils.set_random_seed(0)`), better hand `np.random.default_rng(0)` and `random_state=0` to what draws.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nb_mlops.analysis.calls import Call
from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.knowledge import words
from nb_mlops.linter.rule import Hit, Rule, code, example

# A cell without any of these words draws nothing.
_WORDS = ("rand", "shuffle", "sample")
# And these, in a notebook that names one of the libraries that draw by them.
_WORDS_OF = (
    (("sklearn",), ("split", "Split", "Forest", "Bagging", "KMeans", "MLP", "SGD", "TSNE", "Trees", "make_")),
    (("keras", "torch", "tensorflow"), ("Dense", "Conv", "LSTM", "GRU", "Embedding", "Linear")),
)
# What draws, by the module it lives in: whose numbers it takes, and its names. What seeds is told by names as well.
_DRAWS = {
    "numpy.random": (
        "NumPy's generator",
        words(
            "rand randn randint random random_sample ranf sample choice shuffle permutation normal uniform"
            " standard_normal poisson binomial beta gamma exponential multivariate_normal lognormal multinomial"
            " dirichlet laplace geometric pareto triangular random_integers chisquare standard_t vonmises weibull"
            " logistic bytes"
        ),
    ),
    "random": (
        "the `random` module",
        words(
            "random randint choice choices shuffle sample uniform gauss normalvariate randrange betavariate expovariate"
            " triangular getrandbits lognormvariate"
        ),
    ),
    "torch": (
        "PyTorch's generator",
        words("rand randn randint randperm normal bernoulli multinomial rand_like randn_like"),
    ),
    "tensorflow.random": ("TensorFlow's generator", words("normal uniform truncated_normal shuffle categorical")),
}
_SKLEARN = words(
    "train_test_split ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit BaggingClassifier BaggingRegressor KMeans"
    " MiniBatchKMeans MLPClassifier MLPRegressor SGDClassifier SGDRegressor TSNE RandomizedSearchCV IsolationForest"
    " make_blobs make_moons make_circles make_classification make_regression make_friedman1 make_friedman2"
    " make_friedman3 make_s_curve make_swiss_roll"
)
_SKLEARN_FAMILIES = ("RandomForest", "ExtraTrees")
# Layers draw the weights that training begins with; one that is not trained holds what it was loaded with.
_LAYERS = words(
    "Dense Conv1D Conv2D Conv3D LSTM GRU SimpleRNN Embedding Linear Conv1d Conv2d Conv3d RNN TransformerEncoderLayer"
)
_TRAINS = (".fit", ".fit_generator", ".train_on_batch")
_LAYERS_OF = {
    "tensorflow": ("TensorFlow's generator", _TRAINS),
    "keras": ("Keras' generator", _TRAINS),
    "torch": ("PyTorch's generator", (".backward", "trainer.fit")),
}
# What functions that draw are called, whosever they are.
_NAMES = _SKLEARN.union({"default_rng", "sample"}, *(names for _, names in _DRAWS.values()))
_DRAWING = _NAMES | _LAYERS
_SEEDS = {
    # A star import may have brought `np`.
    "NumPy's generator": ("numpy.random.seed", "numpy.random.set_state", "np.random.seed"),
    "the `random` module": ("random.seed", "random.setstate"),
    "PyTorch's generator": ("torch.manual_seed", "torch.random.manual_seed"),
    "TensorFlow's generator": ("tensorflow.random.set_seed", "tensorflow.set_random_seed"),
}
# Keras by itself takes its seed from whichever of these its version asks.
_SEEDS["Keras' generator"] = tuple(name for names in _SEEDS.values() for name in names)
_ALL_AT_ONCE = pattern(
    r"seed\Z|(?:.*\.)?(?:seed_everything|set_random_seed|set_seed|fix_seeds?|set_seeds?|seed_all|random_seed)\Z"
)
_WAYS = {
    "NumPy's generator": "`np.random.seed(0)` at the top, or `random_state=0` where it is taken",
    "the `random` module": "`random.seed(0)` at the top",
    "PyTorch's generator": "`torch.manual_seed(0)` at the top",
    "TensorFlow's generator": "`tf.random.set_seed(0)` at the top",
    "Keras' generator": "`keras.utils.set_random_seed(0)` at the top",
    "a new generator": "`np.random.default_rng(0)`",
}
_STATES = ("random_state", "seed", "rng", "generator")


def check(view: View) -> Iterator[Hit]:
    """One hit for each generator, at its first draw."""
    draws: dict[str, Hit] = {}
    trained: dict[str, bool] = {}  # by the library whose layers they are
    more = [word for libraries, words in _WORDS_OF if view.says(*libraries) for word in words]
    for cell in view.saying(*_WORDS, *more):
        for call in view.calls(cell):
            function = call.name.rpartition(".")[2]
            if function not in _DRAWING and not function.startswith(_SKLEARN_FAMILIES):
                continue
            whose, library = _generator(call, function), _library(call)
            if not whose and library:
                if library not in trained:
                    trained[library] = _is_trained(view, library)
                whose = _LAYERS_OF[library][0] if trained[library] else ""
            if whose and whose not in draws:
                draws[whose] = Hit(_message(whose, call), view.node_span(cell, call.node.func))
    if not draws:
        return
    seeded = {call.name for cell in view.saying("seed") for call in view.calls(cell)}
    magics = any("seed" in magic.args for python in view.python.values() for magic in python.magics)
    if magics or any(_ALL_AT_ONCE.match(name) for name in seeded):
        return
    yield from (hit for whose, hit in draws.items() if not seeded.intersection(_SEEDS.get(whose, ())))


def _generator(call: Call, function: str) -> str:
    """Whose generator the call draws from without being given one; "" when it does not."""
    name = call.name
    if function not in _NAMES and not function.startswith(_SKLEARN_FAMILIES):
        return ""
    if name == "numpy.random.default_rng":
        return "" if call.node.args or call.node.keywords else "a new generator"
    whose = _drawn_from(name) or ("NumPy's generator" if _samples(call) else "")
    if not whose or call.spread or any(call.keyword(state) is not None for state in _STATES) or _makes_id(call):
        return ""
    return whose


def _library(call: Call) -> str:
    """The library whose layer of a neural network the call makes; "" for what makes none."""
    module, _, function = call.name.rpartition(".")
    library = module.partition(".")[0]
    return library if function in _LAYERS and library in _LAYERS_OF else ""


def _is_trained(view: View, library: str) -> bool:
    """Whether something is trained as one does with this library: then its layers' first weights count."""
    trains = _LAYERS_OF[library][1]
    calls = (call for cell in view.saying(*trains) for call in view.calls(cell))
    return any(call.name.endswith(trains) for call in calls)


def _drawn_from(name: str) -> str:
    """Whose generator a function takes its numbers from; "" for one that draws nothing."""
    module, _, function = name.rpartition(".")
    if module.partition(".")[0] == "sklearn":
        return "NumPy's generator" if function in _SKLEARN or function.startswith(_SKLEARN_FAMILIES) else ""
    whose, functions = _DRAWS.get(module, ("", ()))
    return whose if function in functions else ""


def _makes_id(call: Call) -> bool:
    """Whether letters are drawn: for an id, which nobody wants to be the same twice."""
    return bool(call.node.args) and "ascii_" in ast.unparse(call.node.args[0])


def _samples(call: Call) -> bool:
    """Whether it is a table's `sample`: nothing else takes a share, or a number by that name."""
    return call.name.endswith(".sample") and bool({one.arg for one in call.node.keywords} & {"frac", "n"})


def _message(whose: str, call: Call) -> str:
    what = call.name.rpartition(".")[2]
    return (
        f"`{what}` draws from {whose}, which no cell seeds: the next run gets other numbers, and what is made of them "
        f"comes out differently. Seed it: {_WAYS[whose]}."
    )


RULE = Rule(
    "RE005",
    "unseeded-randomness",
    Severity.WARNING,
    bad=lambda: (
        example(code("import numpy as np\nnoise = np.random.normal(size=5)\nprint(noise)")),
        example(
            code(
                "from sklearn.model_selection import train_test_split\n"
                "X_train, X_test = train_test_split(list(range(9)), test_size=0.2)"
            ),
            note="splits draw from NumPy's generator",
        ),
        example(code("import random\nprint(random.choice([1, 2]))")),
        example(code("import numpy as np\nrng = np.random.default_rng()\nprint(rng.normal())")),
        example(code("import torch\nprint(torch.rand(2))")),
        example(
            code("from keras.layers import Dense\nfrom keras import Sequential\nmodel = Sequential([Dense(1)])"),
            code("model.compile(loss='mse')\nmodel.fit([[1.0]], [1.0])"),
            note="a layer draws the weights that training begins with",
        ),
    ),
    good=lambda: (
        example(code("import numpy as np\nnp.random.seed(1)"), code("print(np.random.normal(size=5))")),
        example(
            code(
                "from sklearn.model_selection import train_test_split\nprint(train_test_split([1, 2], random_state=0))"
            ),
            code("options = {}\nprint(train_test_split([1, 2], **options))"),
        ),
        example(code("from fastai.vision.all import *\nfrom numpy.random import normal\nnp.random.seed(4)\nnormal()")),
        example(code("import torch\nprint(torch.nn.Linear(2, 1))"), note="never trained"),
        example(
            code("import numpy as np\nfrom keras.layers import Dense\nnp.random.seed(1)\nlayer = Dense(1)"),
            code("model.fit(layer)"),
            note="Keras alone takes its seed from NumPy, or from `random`",
        ),
        example(code("import numpy as np\nrng = np.random.default_rng(7)\nprint(rng.normal())")),
        example(code("from lightning import seed_everything\nimport torch\nseed_everything(1)\nprint(torch.rand(2))")),
    ),
    check=check,
    says=(*_WORDS, *(library for libraries, _ in _WORDS_OF for library in libraries)),
)
