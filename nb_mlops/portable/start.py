"""Starts a part of this package in a process of its own: `python start.py PART ARGUMENTS…`.

Run as a file by any Python, where nb_mlops may not be installed; `sys.path` ends up as if there were no such file.
"""

from __future__ import annotations

import importlib
import os
import sys


def main() -> int:
    """Run the part's `main`, which finds its own arguments from `sys.argv[1]` on."""
    folder = os.path.dirname(os.path.abspath(__file__))
    if os.path.realpath(sys.path[0]) == os.path.realpath(folder):  # not so under PYTHONSAFEPATH
        del sys.path[0]  # else our modules would stand before everybody's
    part = sys.argv.pop(1)
    sys.path.insert(0, os.path.dirname(folder))
    try:
        module = importlib.import_module("portable." + part)
    finally:
        del sys.path[0]
    return int(module.main())


if __name__ == "__main__":
    sys.exit(main())
