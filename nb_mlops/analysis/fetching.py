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
# every character, which takes a hundred times as long; each of these begins with a fixed sign, and looks back from it.
_FORMS = {
    "wget": pattern(r"wget\b(?<!\wwget)"),
    "curl": pattern(r"curl\b(?<!\wcurl)"),
    "clone": pattern(r"git\s+clone"),
    "gsutil": pattern(r"gsutil\b(?<!\wgsutil)"),
    "gcloud": pattern(r"gcloud\s+storage"),
    "aws": pattern(r"aws(?<!\waws)\s+s3\b"),
    "azcopy": pattern(r"azcopy\b(?<!\wazcopy)"),
    "unzip": pattern(r"unzip\b(?<!\wunzip)"),
    "tar ": pattern(r"tar(?<!\wtar)\s+-?\w*x"),
    "tar\t": pattern(r"tar(?<!\wtar)\s+-?\w*x"),
    "untar": pattern(r"untar(?<!\wuntar)"),
    "dvc": pattern(r"dvc(?<!\wdvc)\s+(?:pull|get|repro)"),
    "rsync": pattern(r"rsync\b"),
    "scp": pattern(r"scp\b(?<!\wscp)"),
    "b2": pattern(r"b2\b(?<!\wb2)"),
    "mv ": pattern(r"mv(?<!\wmv)\s"),
    "cp ": pattern(r"cp(?<!\wcp)\s"),
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
