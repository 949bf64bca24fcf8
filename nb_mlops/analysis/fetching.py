"""Whether a notebook gets files from elsewhere while it runs, and whether it leaves its folder."""

from __future__ import annotations

from nb_mlops.analysis.view import View
from nb_mlops.core.lazy import pattern

# What tells by itself that files are fetched or unpacked, in small letters.
_TELLING = (
    *("urlretrieve", "urlopen", "gdown", "kaggle", "extractall", "unpack_archive", "get_file(", "download", "hf_hub"),
    *("snapshot_", "files.upload", "drive.mount", "dbutils.fs", "fs.get", "fs.cp", "copyfileobj", "fetch_"),
    *("requests.get", "boto3", "ipfs", "osf", "zenodo", "pooch", "shutil.copy", "shutil.move", "zipfile", "tarfile"),
)
# What tells it only where it stands so; by what each form holds. One pattern for all forms would stop and look at
# every character, which takes a hundred times as long.
_FORMS = {
    "wget": pattern(r"\bwget\b"),
    "curl": pattern(r"\bcurl\b"),
    "clone": pattern(r"git\s+clone"),
    "gsutil": pattern(r"\bgsutil\b"),
    "gcloud": pattern(r"gcloud\s+storage"),
    "aws": pattern(r"\baws\s+s3\b"),
    "azcopy": pattern(r"\bazcopy\b"),
    "unzip": pattern(r"\bunzip\b"),
    "tar ": pattern(r"\btar\s+-?\w*x"),
    "tar\t": pattern(r"\btar\s+-?\w*x"),
    "untar": pattern(r"\buntar"),
    "dvc": pattern(r"\bdvc\s+(?:pull|get|repro)"),
    "rsync": pattern(r"rsync\b"),
    "scp": pattern(r"\bscp\b"),
    "b2": pattern(r"\bb2\b"),
    "mv ": pattern(r"\bmv\s"),
    "cp ": pattern(r"\bcp\s"),
}
_MOVES = pattern(r"(?m)os\.chdir|^\s*[%!]?cd\b|pushd\b|\bchdir\(")


def fetches(view: View) -> bool:
    """Whether some cell gets or unpacks files, so that nobody knows which are there afterwards."""
    code = view.code.lower()
    return any(word in code for word in _TELLING) or any(
        sign in code and form.search(code) is not None for sign, form in _FORMS.items()
    )


def moves(view: View) -> bool:
    """Whether some cell makes another folder the current one."""
    return ("cd" in view.code or "pushd" in view.code or "chdir" in view.code) and _MOVES.search(view.code) is not None
