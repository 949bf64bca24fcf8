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
# What any of these holds, in small letters: to search for them all at once takes ten times as long.
_SIGNS = (
    *("wget", "curl", "urlretrieve", "urlopen", "clone", "gdown", "kaggle", "gsutil", "gcloud", "aws", "azcopy"),
    *(
        "unzip",
        "tar ",
        "tar\t",
        "untar",
        "tarfile",
        "extractall",
        "unpack_archive",
        "get_file(",
        "download",
        "dvc",
        "hf_hub",
        "snapshot_",
    ),
    *("files.upload", "drive.mount", "dbutils.fs", "fs.get", "fs.cp", "rsync", "scp", "b2", "copyfileobj", "fetch_"),
    *("requests.get", "boto3", "ipfs", "osf", "zenodo", "pooch", "shutil.", "mv ", "cp ", "zipfile"),
)
_MOVES = pattern(r"(?m)os\.chdir|^\s*[%!]?cd\b|pushd\b|\bchdir\(")


def fetches(view: View) -> bool:
    """Whether some cell gets or unpacks files, so that nobody knows which are there afterwards."""
    code = view.code.lower()
    return any(sign in code for sign in _SIGNS) and _FETCHES.search(view.code) is not None


def moves(view: View) -> bool:
    """Whether some cell makes another folder the current one."""
    return ("cd" in view.code or "pushd" in view.code or "chdir" in view.code) and _MOVES.search(view.code) is not None
