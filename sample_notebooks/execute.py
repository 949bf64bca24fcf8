"""Runs the sample notebooks again and stores what their kernels answered.

    python sample_notebooks/execute.py [NAME.ipynb …]

A clean notebook is run from top to bottom. The others are run as their author did: SESSIONS tells in which order the
cells were run, and what was run in cells that are gone. So every output and count is real; only this machine's
folder is replaced by an invented one, and values that look personal or secret are put in when the demo or a test
needs them (`nb_mlops.outside.samples.plant`), so that none stands in the repository.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from nb_mlops.outside.samples import planted

HERE = Path(__file__).resolve().parent
INVENTED_FOLDER = "/home/mkeller/work/retention"
HIDDEN = {placeholder.rstrip("-"): placeholder for placeholder in planted()}


@dataclass(frozen=True)
class Gone:
    """Code that was run in a cell that is no longer there."""

    source: str


CRM = f"""
import pandas as pd

crm = pd.DataFrame(
    {{
        "account": ["Anna Keller", "Jonas Brandt", "Ola Nowak"],
        "e_mail": ["{HIDDEN["PLANT-MAIL-ANNA"]}", "{HIDDEN["PLANT-MAIL-JONAS"]}", "{HIDDEN["PLANT-MAIL-OLA"]}"],
    }},
    index=pd.Index(probability.nlargest(3).index, name="subscriber"),
)
"""

SESSIONS: dict[str, list[str | Gone]] = {
    "churn_messy.ipynb": [
        *["install", "imports", "settings", "load", "rows", "token", "columns", "split", "fit", "score"],
        *["weaker", "fit", "score", Gone(CRM), "risky", "todo"],
    ],
    "hidden_state.ipynb": [
        *["imports", "load", "columns", "all-columns", "split", "fit", "auc"],
        *[Gone("threshold = 0.2"), "confusion", "define-rates", "rates", "search"],
    ],
    "customer_data.ipynb": [
        *["install", "imports", "credentials", "load", "head", "session", "leaving", "mailing"],
    ],
}

PEOPLE = ("Anna Keller", "Jonas Brandt", "Ola Nowak", "Ruth Okafor", "Tomas Lind", "Ines Duarte")
LATE_AND_LEFT = "20 00 30 10 21 00 31 10 00 01 20 10 00 21 00 10 11 00 20 31 00 10 00 20 10 00 31 00 10 21"


def customers() -> str:
    """The export that customer_data.ipynb reads, as CSV with placeholders for addresses and numbers."""
    lines = ["customer,name,email,phone,late_deliveries,left"]
    for number, (late, left) in enumerate(LATE_AND_LEFT.split()):
        person = PEOPLE[number % len(PEOPLE)]
        first = person.partition(" ")[0].upper()
        mail, phone = HIDDEN[f"PLANT-MAIL-{first}"], HIDDEN[f"PLANT-TEL-{first}"]
        lines.append(f"{number + 1},{person},{mail},{phone},{late},{left}")
    return "\n".join(lines) + "\n"


def members() -> str:
    """The export that member_list.ipynb reads: 72 members of a club, as CSV with placeholders."""
    lines = ["member;name;email;iban;date_of_birth;fee"]
    for number in range(72):
        place = number % len(PEOPLE)
        first = PEOPLE[place].partition(" ")[0].upper()
        mail, account = HIDDEN[f"PLANT-MAIL-{first}"], HIDDEN[f"PLANT-IBAN-{first}"]
        born = next(placeholder for placeholder in planted() if placeholder.startswith(f"PLANT-B{place + 1}-"))
        lines.append(f"{number + 1};{PEOPLE[place]};{mail};{account};{born};{24 + 6 * (number % 5)}")
    return "\n".join(lines) + "\n"


def main(names: list[str]) -> None:
    """Run the named samples, or all of them."""
    os.environ.update(PIP_ROOT_USER_ACTION="ignore", PIP_DISABLE_PIP_VERSION_CHECK="1")
    for path in sorted(HERE.glob("*.ipynb")):
        if not names or path.name in names:
            with tempfile.TemporaryDirectory() as folder:
                run(path, Path(folder))
            print(path.name)


def run(path: Path, folder: Path) -> None:
    """Run one sample in a folder of its own and write its outputs back."""
    shutil.copytree(HERE / "data", folder / "data")
    (folder / "exports").mkdir()
    (folder / "exports" / "customers.csv").write_text(customers(), encoding="utf-8")
    (folder / "exports" / "members.csv").write_text(members(), encoding="utf-8")
    notebook = nbformat.read(path, as_version=4)
    places = {cell.id: place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"}
    for place in places.values():
        notebook.cells[place].update(outputs=[], execution_count=None)
    notebook.cells.append(nbformat.v4.new_code_cell())
    client = NotebookClient(
        notebook, resources={"metadata": {"path": str(folder)}}, allow_errors=True, record_timing=False
    )
    with client.setup_kernel():
        for step in SESSIONS.get(path.name, list(places)):
            place = -1 if isinstance(step, Gone) else places[step]
            cell = nbformat.v4.new_code_cell(step.source) if isinstance(step, Gone) else notebook.cells[place]
            client.execute_cell(cell, place)
    del notebook.cells[-1]
    text = json.dumps(notebook).replace(str(folder), INVENTED_FOLDER)
    path.write_text(nbformat.writes(nbformat.from_dict(json.loads(text))) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
