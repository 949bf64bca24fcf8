"""The program `nb-mlops` and `python -m nb_mlops`: what concerns the process itself, before and after a command."""

from __future__ import annotations

import atexit
import gc
import os
import sys


def main() -> None:
    """Run the command line and leave at once.

    Trees and values are many, and free of cycles: the collector would walk over them again and again for nothing, and
    taking everything down in order at the end serves nobody. Both together are a tenth of what linting a small notebook
    costs. A status that says more than a number, and whatever goes wrong, leave the usual way.
    """
    gc.set_threshold(200_000, 50, 50)
    from nb_mlops.doors.cli import main as command_line

    try:
        command_line()
    except SystemExit as end:
        if not isinstance(end.code, int) or _somebody_waits():
            raise
        atexit._run_exitfuncs()
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:  # a reader that has gone, as `head` does
            os._exit(end.code or 1)
        os._exit(end.code)


def _somebody_waits() -> bool:
    """Whether the usual end is counted on: by a thread at work, a debugger, a measure of time or coverage."""
    threading = sys.modules.get("threading")
    at_work = threading is not None and threading.active_count() > 1
    return at_work or sys.gettrace() is not None or sys.getprofile() is not None


if __name__ == "__main__":
    main()
