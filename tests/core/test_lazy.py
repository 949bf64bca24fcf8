"""Modules that are not loaded for nothing."""

from __future__ import annotations

import json
import subprocess
import sys


def told(source: str) -> object:
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    return json.loads(run.stdout)


def test_what_is_spared_is_empty_for_that_import_alone_and_there_for_everybody_else() -> None:
    found = told(
        "import json, sys, wave\n"
        "from nb_mlops.core.lazy import spared\n"
        "with spared('colorsys', 'wave'):\n"
        "    import colorsys as empty, wave as loaded\n"
        "left = 'colorsys' in sys.modules\n"
        "import colorsys\n"
        "print(json.dumps([hasattr(empty, 'rgb_to_hsv'), loaded is wave, left, hasattr(colorsys, 'rgb_to_hsv')]))"
    )
    assert found == [False, True, False, True]


def test_nothing_is_spared_while_other_threads_may_import() -> None:
    found = told(
        "import json, threading\n"
        "from nb_mlops.core.lazy import spared\n"
        "wait = threading.Event()\n"
        "threading.Thread(target=wait.wait).start()\n"
        "with spared('colorsys'):\n"
        "    import colorsys\n"
        "wait.set()\n"
        "print(json.dumps(hasattr(colorsys, 'rgb_to_hsv')))"
    )
    assert found is True


def test_checksums_load_neither_a_web_client_nor_documentation() -> None:
    found = told(
        "import json, sys\n"
        "from nb_mlops.analysis.sensitive.personal.checksums import checksum\n"
        "valid = [checksum('luhn').is_valid('4242424242424242'), checksum('br.cpf').is_valid('11144477735')]\n"
        "print(json.dumps([valid, [name for name in ('ssl', 'pydoc') if name in sys.modules]]))"
    )
    assert found == [[True, True], []]
