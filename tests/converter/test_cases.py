"""Ways of writing a notebook that break converters: each small notebook must give the same values as a package."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import matplotlib as mpl
import pytest
from helpers_convert import code, executed, notebook, planned, run_package, staged, text

from nb_mlops.converter.plan import Level, Refused, make_plan
from nb_mlops.portable.difference import is_type_only
from nb_mlops.portable.golden import value_problem

mpl.use("agg")
FUNCTIONS, STATE = Level.FUNCTIONS, Level.MODULE_STATE


@dataclass(frozen=True)
class Case:
    """Cells, each its own stage; the best level that is right; and, where cells hold magics, plain cells instead."""

    cells: tuple[str, ...]
    level: Level = FUNCTIONS
    plain: tuple[str, ...] = ()


def case(*cells: str, level: Level = FUNCTIONS, plain: tuple[str, ...] = ()) -> Case:
    return Case(cells, level, plain)


FRAME = "import pandas as pd\ndf = pd.DataFrame({'a': [1, 2, 3], 'b': [4.0, 5.0, 6.0]})"
COUNT = "import asyncio\nasync def count(n):\n    for i in range(n):\n        await asyncio.sleep(0)\n        yield i"
DATA = "import numpy as np\nX = np.arange(8.0).reshape(4, 2)\ny = np.array([0, 0, 1, 1])"

CASES = {
    "late constant read by a function": case("def f(x):\n    return x * K", "K = 3", "out = f(2)"),
    "late variable read by a function": case("def f(x):\n    return x + len(K)", "K = [3]", "out = f(2)"),
    "names that Python spells otherwise": case(
        "ϕ = 0.5\nµ = [2.0]\ndef wave(x, ϕ=0.1):\n    return µ[0] * x + ϕ",
        "class Box:\n    def __init__(self, ϑ):\n        self.ϑ = ϑ\nbox = Box(ϑ=ϕ)",
        "said = f'ϕ={ϕ} {wave(2, ϕ=ϕ)} {box.ϑ}'",
    ),
    "constants read by functions": case(
        "A = 2\nB = A * 3, -1\ng = lambda v: v + A", "def f(x=A):\n    return x + B[1] + g(1)", "out = f()"
    ),
    "constant that is counted up": case("n = 1\ndef f():\n    return n", "n += 1", "out = f()"),
    "constant bound again between calls": case("K = 3\ndef f(x):\n    return x * K", "a = f(2)", "K = 5", "b = f(2)"),
    "function calls function that reads a variable": case(
        "def f(x):\n    return x + OFFSET\ndef g(x):\n    return f(x) * 2", "OFFSET = 1", "out = g(3)"
    ),
    "global counter and list history": case(
        "counter = 0\nhistory = []\ndef step(x):\n    global counter\n    counter += 1\n    history.append(x)",
        "step(1)\nstep(2)",
        "total = counter + len(history)",
        level=STATE,
    ),
    "function passed to apply reads a global": case(
        FRAME, "scale = 10\ndef f(v):\n    return v * scale", "df['c'] = df['a'].apply(f)", "s = df['c'].sum()"
    ),
    "function passed on reads a variable that changes": case(
        "k = 1\ndef f(v):\n    return v * k", "k = 10", "out = list(map(f, [1, 2]))", level=STATE
    ),
    "recursion with a free variable": case(
        "BASE = 2\ndef power(n):\n    return 1 if n == 0 else BASE * power(n - 1)",
        "out = power(5)",
        "BASE = 3",
        "again = power(2)",
    ),
    "class body reads a variable": case(
        "size = 4\nclass Box:\n    width = size * 2\n    sizes = [i for i in range(size)]", "w = Box.width"
    ),
    "method reads a variable": case(
        "rate = 0.5\nclass Model:\n    def predict(self, x):\n        return x * rate",
        "m = Model()",
        "p = m.predict(4)",
    ),
    "method reads a variable that changes": case(
        "rate = 0.5\nclass Model:\n    def predict(self, x):\n        return x * rate",
        "m = Model()",
        "rate = 2",
        "p = m.predict(4)",
        level=STATE,
    ),
    "instance of a class of the notebook": case(
        "class Point:\n    def __init__(self, x):\n        self.x = x", "p = Point(3)", "p.x += 1", "q = [p, Point(9)]"
    ),
    "class inherits from a class of the notebook": case(
        "class A:\n    v = 1",
        "class B(A):\n    def get(self):\n        return super().__class__.__name__ and self.v",
        "out = B().get()",
    ),
    "lambda stored then variable rebound": case("b = 1\nf = lambda x: x + b", "b = 10", "out = f(1)", level=STATE),
    "lambda handed over and kept": case(
        "import collections\nk = 1\nd = collections.defaultdict(lambda: k)",
        "a = d['x']",
        "k = 2",
        "b = d['y']",
        level=STATE,
    ),
    "lambda handed over, variable stays": case(
        "import collections\nk = 1\nd = collections.defaultdict(lambda: k)", "a = d['x']", "j = k", "b = d['y']"
    ),
    "lambdas gathered in a loop": case(
        "fs = []\nfor i in range(3):\n    fs.append(lambda: i)", "i = 10", "a = [f() for f in fs]", level=STATE
    ),
    "lazy map with a lambda": case("k = 1\nm = map(lambda v: v * k, [1, 2])", "k = 5", "a = list(m)", level=STATE),
    "generator consumed by a class": case(
        "from collections import Counter\nk = 1\nc = Counter(v * k for v in [1, 2, 2])", "k = 5", "a = dict(c)"
    ),
    "lambda used at once": case("k = 2\nout = list(map(lambda v: v * k, [1, 2]))", "k = 5", "again = [k]"),
    "generator stored and consumed later": case("k = 2\ng = (k * i for i in range(3))", "out = sum(g)"),
    "fit in a loop over a dict": case(
        DATA,
        "from sklearn.linear_model import LinearRegression as L\nmodels = {'a': L(), 'b': L(fit_intercept=False)}",
        "for name, m in models.items():\n    m.fit(X, y)",
        "coef = models['b'].coef_",
    ),
    "fit alone in a stage": case(
        DATA,
        "from sklearn.linear_model import LinearRegression\nclf = LinearRegression()",
        "clf.fit(X, y)",
        "p = clf.predict(X)",
    ),
    "drop in place alone": case(FRAME, "df.drop(columns='b', inplace=True)", "cols = list(df.columns)"),
    "append inside a function": case("lst = []\ndef add(v):\n    lst.append(v)", "add(1)\nadd(2)", "n = len(lst)"),
    "view of an array": case("import numpy as np\na = np.zeros(4)", "b = a[:2]", "b[0] = 9", "s = a.sum()"),
    "alias of a list": case("a = [1]", "b = a", "b.append(2)", "n = len(a)"),
    "augmented assignment of a list": case("x = [1]\nkeep = x", "x += [2]", "same = keep is x"),
    "augmented assignment of a number": case("n = 1", "n += 1", "n += 1"),
    "loop variable read after": case("for i in range(3):\n    last = i * 2", "after = i + last"),
    "loop over nothing": case(
        "for i in []:\n    last = i",
        "try:\n    last\n    seen = True\nexcept NameError:\n    seen = False",
        "done = 1",
        level=STATE,
    ),
    "bound only in a branch": case("flag = True", "if flag:\n    value = 7", "out = value"),
    "not bound in a branch": case("flag = False\nvalue = 1", "if flag:\n    value = 7", "out = value"),
    "bare name in a condition": case("ready = [1]", "if ready:\n    out = 'yes'\nelse:\n    out = 'no'", "again = out"),
    "subscript store on a local": case(
        "def count(words):\n    d = {}\n    for w in words:\n        d[w] = d.get(w, 0) + 1\n    return d",
        "out = count('aab')",
        "d = 5",
    ),
    "parameter used inside getattr": case(
        "def get(o, name):\n    return getattr(o, name)", "name = 'real'", "out = get(3, name)"
    ),
    "walrus in a comprehension": case("data = [1, 2, 3]", "big = [y for x in data if (y := x * 2) > 2]", "out = y"),
    "match capture": case(
        "command = ('go', 4)",
        "match command:\n    case ('go', n):\n        steps = n\n    case other:\n        steps = 0",
        "out = steps + n",
    ),
    "exception name": case(
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    kind = type(e).__name__", "e = kind.lower()", "out = e"
    ),
    "deleted and used again": case("x = [1, 2]", "y = len(x)\ndel x", "x = 'new'", "out = (x, y)"),
    "deleted for good": case("x = 1\ny = 2", "del x", "z = y"),
    "name changes kind": case(
        "def softmax(v):\n    return v + 1", "r = softmax(1)", "softmax = [r]", "out = softmax[0]"
    ),
    "name changes kind within a stage": case("def s(v):\n    return v + 1\nr = s(1)\ns = [r]", "out = s[0]"),
    "function defined again": case("def f():\n    return 1", "a = f()", "def f():\n    return 2", "b = f()"),
    "builtin hidden later": case("n = max([1, 2])", "m = list(range(3))\nlist = m", "max = 3", "out = list + [max]"),
    "future import in a late cell": case(
        "x = 1", "from __future__ import annotations\ndef f(a: Undefined) -> Undefined:\n    return a", "out = f(x)"
    ),
    "future import after other code": case(
        "x = 1\nfrom __future__ import annotations", "y = x", plain=("x = 1", "y = x")
    ),
    "asks for its own file": case(
        "from pathlib import Path\ntry:\n    here = Path(__file__).name\nexcept NameError:\n    here = 'none'",
        "x = here",
        level=STATE,
    ),
    "asks whether it is a file": case(
        "import os\nif '__file__' in globals():\n    here = __file__\nelse:\n    here = 'none'",
        "x = (here, '__file__' not in locals())",
    ),
    "asks where it runs": case(
        "hosted = 'colab' in str(get_ipython())", "x = hosted", plain=("hosted = False", "x = hosted")
    ),
    "import over several lines": case("from math import (\n    sqrt,\n    pi as PI,\n)", "out = sqrt(16) + PI"),
    "import of a submodule": case("import os.path\nimport os", "out = os.path.basename('a/b') + os.sep"),
    "import with a fallback": case(
        "try:\n    import nowhere_at_all as fast\nexcept ImportError:\n    fast = None", "out = fast is None"
    ),
    "import in a branch": case("flag = True", "if flag:\n    import json as coder", "out = coder.dumps([1])"),
    "name imported and assigned": case("from math import e", "a = e", "e = 5", "b = e"),
    "star import": case("from math import *", "out = floor(sqrt(17))"),
    "star import hides a variable": case("pi = 3\ntau = 1", "from math import *", "out = (pi, tau)"),
    "star import hides a built-in": case(
        "a = pow(2, 3)\nb = pow(2, 10, 1000)", "from math import *", "c = pow(2, 3)\nd = floor(c)"
    ),
    "timed statement": case(
        "def f():\n    return 3", "%time y = f()", "out = y", plain=("def f():\n    return 3", "y = f()", "out = y")
    ),
    "captured output": case(
        "%%capture out\nprint('hello')\nx = 1",
        "said = out.stdout",
        "n = len(said) + x",
        plain=("x = 1", "said = 'hello\\n'", "n = len(said) + x"),
    ),
    "shell lines": case(
        "lines = !echo one; echo two",
        "n = len(lines)\nfirst = lines[0]",
        plain=("lines = ['one', 'two']", "n = 2\nfirst = 'one'"),
    ),
    "shell with a variable": case(
        "word = 'three'",
        "lines = !echo {word} $word",
        "n = lines[0]",
        plain=("word = 'three'", "lines = ['three three']", "n = lines[0]"),
    ),
    "inline install": case("p = 'numpy'\n!pip install {p}", "x = 1", plain=("p = 'numpy'", "x = 1")),
    "magics asked of IPython by name": case(
        "from IPython import get_ipython\nget_ipython().run_line_magic('matplotlib', 'inline')\n"
        "if get_ipython():\n    get_ipython().magic('load_ext autoreload'); x = 1\nelse:\n    x = 1",
        "lines = get_ipython().getoutput('echo one; echo two')\nget_ipython().system('echo three')",
        "get_ipython().run_cell_magic('time', '', 'y = len(lines) + x\\nz = y\\n')",
        "text = 'get_ipython().system(1)'\nn = z",
        plain=("x = 1", "lines = ['one', 'two']", "y = 3\nz = y", "text = 'get_ipython().system(1)'\nn = z"),
    ),
    "display magic in a branch": case(
        "x = 1\nif x:\n    %matplotlib inline\nelse:\n    x = 2", "y = x", plain=("x = 1", "y = x")
    ),
    "query with a variable": case(FRAME, "limit = 1", "out = df.query('a > @limit')", "n = len(out)"),
    "query with a variable in a function": case(
        FRAME + "\ndef above(limit):\n    return df.query('a > @limit')", "out = above(1)", "n = len(out)"
    ),
    "figure drawn in one stage, titled in another": case(
        "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.plot([1, 2])",
        "ax.set_title('later')",
        "t = ax.get_title()",
    ),
    "pyplot without a figure": case(
        "import matplotlib.pyplot as plt",
        "plt.plot([1, 2, 3])\nplt.show()",
        "plt.plot([1])\nn = len(plt.gca().lines)",
        plain=("import matplotlib.pyplot as plt", "plt.plot([1, 2, 3])\nplt.close('all')", "plt.plot([1])\nn = 1"),
    ),
    "seed, draw, later draw": case(
        "import numpy as np\nnp.random.seed(1)", "a = np.random.rand(2)", "unused = 1", "b = np.random.rand(2)"
    ),
    "generator across stages": case(
        "import numpy as np\nrng = np.random.default_rng(3)", "a = rng.normal(size=2)", "b = rng.normal(size=2)"
    ),
    "standard random across stages": case(
        "import random\nrandom.seed(5)", "a = random.random()", "b = [random.random() for _ in range(2)]"
    ),
    "main guard": case(
        "def f():\n    return 4", "if __name__ == '__main__':\n    out = f()\n    more = out + 1", "last = more"
    ),
    "annotated variables": case("n: int = 3\nname: str", "total: float = n * 1.5", "out = total"),
    "names in text": case("a = 3\nb = 4", "out = eval('a * b')", "again = out + 1"),
    "code in text": case("code = 'made = 5'", "exec(code)", "out = made + 1", level=STATE),
    "environment variable asked and set": case(
        "%env NBM_CASE=a b\nx = %env NBM_CASE",
        "%env NBM_CASE={x}:c\ny = %env NBM_CASE",
        "out = x + y",
        plain=("x = 'a b'", "y = 'a b:c'", "out = x + y"),
    ),
    "code in a literal text": case("a = 4", "exec('made = a + 1')", "out = made + 1"),
    "loop in evaluated text": case("a = 3", "out = eval('[a * i for i in range(3)]')", "b = sum(out)"),
    "timed text": case(
        "import timeit\ndef f(v):\n    kept.append(v)\nkept = []\na = 3",
        "t = timeit.timeit('f(a)', number=2, globals=globals()) > 0\n"
        "u = timeit.timeit('f(a)', setup='from __main__ import f, a', number=1) > 0",
        "out = len(kept)",
        plain=("def f(v):\n    kept.append(v)\nkept = []\na = 3", "t = u = True\nkept += [3, 3, 3]", "out = len(kept)"),
    ),
    "timed text that sets up": case(
        "import timeit\nkept = []",
        "timeit.timeit('kept.append(n)', 'n = 5', number=2, globals=globals())",
        "out = kept[1]",
        level=STATE,
    ),
    "profiled text": case(
        "import cProfile\nkept = []\ndef f(v):\n    kept.append(v)",
        "a = 3\ncProfile.run('f(a)', sort='time')",
        "out = len(kept)",
        plain=("kept = []\ndef f(v):\n    kept.append(v)", "a = 3\nf(a)", "out = len(kept)"),
    ),
    "profiled statement": case(
        "import cProfile\ndef f(v):\n    return v + 1",
        "a = 3\ncProfile.run('b = f(a)')",
        "out = b + 1",
        level=STATE,
        plain=("def f(v):\n    return v + 1", "a = 3\nb = f(a)", "out = b + 1"),
    ),
    "namespace asked for": case(
        "alpha = 1\nbeta = 2",
        "found = sorted(n for n in globals() if n in ('alpha', 'beta'))",
        "k = len(found)",
        level=STATE,
    ),
    "decorated function": case(
        "from functools import wraps\ndef two(f):\n    @wraps(f)\n    def g(x):\n        return f(f(x))\n    return g",
        "STEP = 2\n@two\ndef add(x):\n    return x + STEP",
        "out = add(1)",
    ),
    "class takes over a variable of the same name": case(
        "size = [4]",
        "class Box:\n    size = size\n    more = size + [1]",
        "size = [9]",
        "w = Box.size + Box.more",
        level=STATE,
    ),
    "decorator that fills a table": case(
        "table = {}\ndef kept(f):\n    table[f.__name__] = f\n    return f",
        "@kept\ndef alpha(x):\n    return x + B",
        "B = 5",
        "out = table['alpha'](1)",
        "B = 7\nagain = table['alpha'](1)",
        level=STATE,
    ),
    "class body calls a function that reads a variable": case(
        "size = [4]\ndef width():\n    return size[0] * 2",
        "class Box:\n    wide = width()",
        "size = [9]",
        "w = Box.wide",
    ),
    "default reads a variable": case("size = 3\ndef f(n=size):\n    return n", "size = 5", "out = f()"),
    "mutable default": case("def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)", "a = f(1)", "b = f(2)"),
    "generator function reads a variable": case(
        "step = 2\ndef count():\n    for i in range(3):\n        yield i * step",
        "g = count()",
        "step = 5",
        "out = list(g)",
        level=STATE,
    ),
    "closure made by a function": case(
        "k = 1\ndef make():\n    def inner():\n        return k\n    return inner",
        "h = make()",
        "k = 7",
        "out = h()",
        level=STATE,
    ),
    "partial of a function": case(
        "from functools import partial\nbase = 3\ndef f(a, b):\n    return a + b + base",
        "g = partial(f, 1)",
        "out = g(2)",
    ),
    "keyword arguments passed through": case(
        "unit = 2\ndef f(**options):\n    return sorted(options.items()) + [unit]",
        "out = f(unit=5, other=1)",
        "n = len(out)",
    ),
    "call with one generator": case(
        "k = 2\ndef total(values):\n    return sum(values) * k", "out = total(v for v in [1, 2])", "n = out"
    ),
    "name of a parameter is a variable's too": case(
        "x = 5\ndef f(x):\n    return x + 1", "out = f(1) + x", "again = f(x)"
    ),
    "local name like a variable": case(
        "total = 9\ndef f(v):\n    total = v * 2\n    return total", "out = f(2) + total", "n = total"
    ),
    "comprehension in a class": case(
        "ks = [1, 2]\nclass T:\n    pairs = {k: [k * i for i in range(2)] for k in ks}", "out = T.pairs"
    ),
    "text over several lines": case(
        'text = """one\n  two\n\n"""', "n = len(text)", "if n:\n    more = '''a\n    b'''\n"
    ),
    "statements on one line": case("a = 1; b = 2; import math; c = math.pi", "out = a + b + c;", "d = out"),
    "tuple at the end of a cell": case("a, b = 1, 2\na, b", "(a,\n b)", "c = a"),
    "variables named like our own": case(
        "report = 1\nconfig = 2\nrun = 3\nos = 4", "Config = report + config", "STAGES = run + os"
    ),
    "variable named like a module": case("load = 1\ntrain = 2", "features = [load, train]", "pipeline = features * 2"),
    "more outputs than a tuple should hold": case(
        "a, b, c, d, e, f, g, h = range(8)", "out = a + b + c + d + e + f + g + h"
    ),
    "one bad cell": case("x = 1", "this is no python!!", "y = x + 1", plain=("x = 1", "y = x + 1")),
    "environment before import": case(
        "import os\nos.environ['NBM_CASE'] = '1'\nimport calendar", "n = calendar.isleap(2024)"
    ),
    "last shown value": case("x = 4\nx * 2", "y = _ + 1", "z = y", plain=("x = 4\n_ = x * 2", "y = _ + 1", "z = y")),
    "result asked for by number": case(
        "x = 4\nx * 2",
        "y = Out[1] + _1",
        "y - 1;",
        "z = _3 + len(In[1])",
        plain=("x = 4\nout_1 = x * 2", "y = out_1 + out_1", "out_3 = y - 1", "z = out_3 + len('x = 4\\nx * 2')"),
    ),
    "variable named like a result": case("_1 = 5\n3 * 3", "y = _1 + 1"),
    "await at the top of a cell": case(
        "import asyncio\nasync def twice(x):\n    await asyncio.sleep(0)\n    return 2 * x",
        "a = await twice(4)\nb = [await twice(i) for i in range(3)]",
        "c = sum(await asyncio.gather(twice(a), twice(1))) + await twice(await twice(1))",
        "lock = asyncio.Lock()\nif c:\n    d = (await twice(\n        c,\n    ))",
        plain=(
            "import asyncio\nasync def twice(x):\n    await asyncio.sleep(0)\n    return 2 * x",
            "a = 8\nb = [0, 2, 4]",
            "c = 22",
            "lock = asyncio.Lock()\nd = 44",
        ),
    ),
    "async for and async with at the top of a cell": case(
        COUNT,
        "seen = []\nasync for i in count(3):\n    seen.append(i)\n    await asyncio.sleep(0)\nelse:\n    whole = True",
        "async for j in count(9):\n    if j == 2: break\nsquares = [\n    k * k async for k in count(4) if k\n]",
        "pairs = {a: [b async for b in count(a)] async for a in count(3)}\nlazy = (c async for c in count(2))\n"
        "late = [c async for c in lazy] + [c for d in [1, 2] async for c in count(d)]",
        "lock = asyncio.Lock()\nasync with lock as held, asyncio.Lock():\n    inside = lock.locked()\n"
        "after = lock.locked()",
        "class Quiet:\n    async def __aenter__(self):\n        return 5\n    async def __aexit__(self, kind, *rest):\n"
        "        self.kind = kind.__name__\n        return True\nquiet = Quiet()\n"
        "async with quiet as five:\n    1 / 0\nkind = quiet.kind",
        plain=(
            COUNT,
            "seen = [0, 1, 2]\ni = 2\nwhole = True",
            "j = 2\nsquares = [1, 4, 9]",
            "pairs = {0: [], 1: [0], 2: [0, 1]}\nlate = [0, 1, 0, 0, 1]",
            "held = None\ninside = True\nafter = False",
            "five = 5\nkind = 'ZeroDivisionError'",
        ),
    ),
    "display of several values": case(
        "from IPython.display import display\nx = [1]\ndisplay(x, len(x))",
        "for i in range(2):\n    display(i)\nshow = display",
        "show(x)\nn = len(x)",
        plain=("x = [1]", "i = 1", "n = 1"),
    ),
    "set order does not matter": case("words = {'b', 'a'}", "ordered = sorted(words)", "n = len(words)"),
    "unicode names and text": case("größe = 3\ns = 'π' * größe", "def f():\n    return 'ß' + s * größe\n", "out = f()"),
    "star expression": case("first, *rest = [1, 2, 3]", "out = [*rest, first]", "d = {**{'a': 1}, 'b': rest}"),
    "with statement": case("import io\nwith io.StringIO('x') as f:\n    t = f.read()", "out = t * 2"),
    "while and else": case("n = 3\nwhile n:\n    n -= 1\nelse:\n    done = True", "out = (n, done)"),
    "nested functions and nonlocal": case(
        "def counter():\n    n = 0\n    def up():\n        nonlocal n\n        n += 1\n        return n\n    return up",
        "c = counter()",
        "a = c()\nb = c()",
    ),
    "dataclass": case(
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 1", "p = P(4)", "out = p.x"
    ),
    "subscript of a variable inside a function": case(
        "table = {}\ndef put(k, v):\n    table[k] = v", "put('a', 1)", "n = dict(table)"
    ),
}


@pytest.mark.parametrize("level", Level, ids=lambda level: level.value)
@pytest.mark.parametrize("name", CASES)
def test_the_package_computes_what_the_cells_compute(name: str, level: Level, tmp_path: Path) -> None:
    made = CASES[name]
    book = staged(*made.cells, path=f"case_{abs(hash(name))}.ipynb")
    plan = make_plan(book, level)
    if level is FUNCTIONS and made.level is STATE:
        assert isinstance(plan, Refused), "handing variables over is not right here"
        return
    plan = planned(book, level)
    own = plan.hoisting.values | {p.name for p in plan.parameters}
    expected = {name: value for name, value in executed(made.plain or made.cells).items() if name in own}
    found = run_package(plan, tmp_path, list(expected))
    problems = [value_problem(value, found["final"], n, 1e-9) for n, value in expected.items()]
    assert [p for p in problems if p] == []
    assert not all(is_type_only(value) for value in expected.values())


STEPS = tuple(f"a{n} = a{n - 1} * 2 + {n}" if n else "a0 = 1\ndef f(x):\n    return x + a0" for n in range(12))
LAYOUTS = {
    "headings that are numbers": [part for n, step in enumerate(STEPS) for part in (text(f"## {n}"), code(step))],
    "one heading again and again": [part for step in STEPS for part in (text("## Train"), code(step))],
    "headings of pictures": [part for step in STEPS for part in (text("## \U0001f680 \U0001f4ca"), code(step))],
    "headings that are words of the language": [
        part
        for word, step in zip(("class", "def", "print", "random") * 3, STEPS, strict=True)
        for part in (text(f"# {word}"), code(step))
    ],
    "no heading": [code(step) for step in STEPS],
    "one heading above all": [text("# All of it"), *map(code, STEPS)],
    "only headings of the first level": [
        part for n, step in enumerate(STEPS) for part in (text(f"# Part {n}"), code(step))
    ],
}


@pytest.mark.parametrize("path", ["steps.ipynb", "My notebook (final) 2.ipynb", "1. été.ipynb"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_headings_and_file_names_change_no_value(layout: str, path: str, tmp_path: Path) -> None:
    plan = planned(notebook(*LAYOUTS[layout], path=path))
    own = plan.hoisting.values | {p.name for p in plan.parameters}
    expected = {name: value for name, value in executed(STEPS).items() if name in own}
    found = run_package(plan, tmp_path, list(expected))
    assert {name: found["final"][name] for name in expected} == expected
    assert len(expected) == 12
