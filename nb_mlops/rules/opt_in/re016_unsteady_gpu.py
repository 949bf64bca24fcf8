"""Training on a GPU with a seed, and without asking for the same arithmetic twice.

## What it does

Tells a notebook that seeds PyTorch or TensorFlow and computes on a GPU, and that asks neither for deterministic
algorithms (`torch.use_deterministic_algorithms`, `torch.backends.cudnn.deterministic`,
`tf.config.experimental.enable_op_determinism`) nor for a library that does.

## Why is this bad?

The seed promises the same result again, but many GPU kernels add up in whatever order threads finish, and cuDNN picks
its algorithms by a stopwatch: losses differ from run to run all the same.

## What it leaves alone

Notebooks that seed nothing (RE005 tells of those), that compute on the CPU, and that say `deterministic` anywhere.

## What to do

`torch.use_deterministic_algorithms(True)` and `torch.backends.cudnn.benchmark = False`, or
`tf.config.experimental.enable_op_determinism()`; or say that scores hold up to noise. Off by default: it costs speed,
and for exploring a seed is often enough.
"""

from __future__ import annotations

from collections.abc import Iterator

from nb_mlops.analysis.view import View
from nb_mlops.core.finding import Severity
from nb_mlops.core.lazy import pattern
from nb_mlops.linter.rule import Hit, Rule, code, example

_SEEDS = {
    "torch": ("torch.manual_seed", "torch.cuda.manual_seed", "torch.cuda.manual_seed_all"),
    "tensorflow": ("tensorflow.random.set_seed", "tensorflow.set_random_seed"),
}
_ON_GPU = {
    "torch": pattern(r"""\.cuda\(|["']cuda(?::\d+)?["']|device_map\s*=|accelerator\s*=\s*["']gpu"""),
    "tensorflow": pattern(r"""["']/?(?:device:)?GPU(?::\d+)?["']|MirroredStrategy|set_memory_growth"""),
}
_STEADY = pattern(r"(?i)determinis")
_WAYS = {
    "torch": "`torch.use_deterministic_algorithms(True)` and `torch.backends.cudnn.benchmark = False`",
    "tensorflow": "`tf.config.experimental.enable_op_determinism()`",
}


def check(view: View) -> Iterator[Hit]:
    """One hit for each library, where it is seeded."""
    if not any("seed" in cell.source for cell in view.code_cells):
        return
    code = "\n".join(cell.source for cell in view.code_cells)
    if _STEADY.search(code):
        return
    for library, names in _SEEDS.items():
        if not _ON_GPU[library].search(code):
            continue
        calls = ((cell, call) for cell in view.code_cells if "seed" in cell.source for call in view.calls(cell))
        first = next(((cell, call) for cell, call in calls if call.name in names), None)
        if first is not None:
            message = (
                "The seed promises the same result again, and on a GPU it does not hold: many kernels add up in "
                f"whatever order threads finish. Ask for {_WAYS[library]}."
            )
            yield Hit(message, view.node_span(first[0], first[1].node))


RULE = Rule(
    "RE016",
    "unsteady-gpu",
    Severity.INFO,
    bad=lambda: (
        example(code("import torch\ntorch.manual_seed(0)\nmodel = torch.nn.Linear(2, 1).to('cuda')")),
        example(code("import tensorflow as tf\ntf.random.set_seed(1)\nwith tf.device('/GPU:0'):\n    x = tf.ones(2)")),
    ),
    good=lambda: (
        example(code("import torch\ntorch.manual_seed(0)\nmodel = torch.nn.Linear(2, 1)")),
        example(
            code("import torch\ntorch.manual_seed(0)\ntorch.use_deterministic_algorithms(True)"),
            code("model = torch.nn.Linear(2, 1).cuda()"),
        ),
    ),
    check=check,
    default=False,
)
