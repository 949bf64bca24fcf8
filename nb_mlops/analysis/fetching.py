"""Whether a notebook gets files from elsewhere while it runs, and whether it leaves its folder."""

from __future__ import annotations

from nb_mlops.analysis.view import View
from nb_mlops.core.lazy import pattern

_FETCHES = pattern(
    r"(?i)\bwget\b|\bcurl\b|urlretrieve|urlopen|git\s+clone|gdown|kaggle|\bgsutil\b|gcloud\s+storage|\baws\s+s3\b|\bazcopy\b|"
    r"\bunzip\b|\btar\s+-?\w*x|extractall|unpack_archive|get_file\(|download|\bdvc\s+(?:pull|get|repro)|hf_hub|snapshot_|"
    r"files\.upload|drive\.mount|dbutils\.fs|fs\.(?:get|cp)|rsync\b|\bscp\b|\bb2\b|copyfileobj|fetch_|requests\.get|boto3|"
    r"ipfs|osf|zenodo|\buntar|pooch|shutil\.(?:copy|move)|\bmv\s|\bcp\s|ZipFile|tarfile"
)
_MOVES = pattern(r"(?m)os\.chdir|^\s*[%!]?cd\b|pushd\b|\bchdir\(")


def fetches(view: View) -> bool:
    """Whether some cell gets or unpacks files, so that nobody knows which are there afterwards."""
    return any(_FETCHES.search(cell.source) for cell in view.code_cells)


def moves(view: View) -> bool:
    """Whether some cell makes another folder the current one."""
    return any(_MOVES.search(cell.source) for cell in view.code_cells)
