"""Where `ci` runs: which service, whose change, and what of the environment the code of that change may see.

A change is untrusted wherever a service runs it, until somebody with the key says otherwise (`--sign`). Its notebooks
are run without any signing key: not in their environment, not in ours, and not in the one file where a key would be by
default. Where there is one all the same, nothing is run, because code that runs as this user could read it.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from nb_mlops.core.errors import UsageError
from nb_mlops.core.value import Struct
from nb_mlops.outside.signing import KEY_VARIABLE, key_path

# What a run needs of its surroundings. Tokens of the service, of clouds and of registries are not among it.
_KEPT = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LANGUAGE", "TZ", "TERM", "TMPDIR", "TEMP", "TMP"),
        *("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH"),
        *("JUPYTER_PATH", "JUPYTER_DATA_DIR", "XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR"),
        *("SYSTEMROOT", "WINDIR", "COMSPEC", "PATHEXT", "APPDATA", "LOCALAPPDATA", "USERPROFILE", "PROGRAMDATA"),
        *("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "CUDA_VISIBLE_DEVICES"),
        *("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"),
    }
)
# (what tells the service, what tells a proposed change, which branch it is to join)
_SERVICES = (
    ("GITHUB_ACTIONS", "GITHUB_BASE_REF", "origin/{}"),
    ("GITLAB_CI", "CI_MERGE_REQUEST_DIFF_BASE_SHA", "{}"),
    ("BITBUCKET_BUILD_NUMBER", "BITBUCKET_PR_DESTINATION_BRANCH", "origin/{}"),
    ("BUILDKITE", "BUILDKITE_PULL_REQUEST_BASE_BRANCH", "origin/{}"),
    ("JENKINS_URL", "CHANGE_TARGET", "origin/{}"),
)


class Place(Struct, frozen=True):
    """`service`: a service runs us. `proposed`: for a change that is not accepted yet. `base`: what it is to join, ""
    where nobody says. `secrets`: the service gives strangers' code its secrets. `summary`: the file of its page."""

    service: bool = False
    proposed: bool = False
    base: str = ""
    secrets: bool = False
    summary: str = ""


def place(environ: Mapping[str, str]) -> Place:
    """What the environment says."""
    event = environ.get("GITHUB_EVENT_NAME", "")
    summary = environ.get("GITHUB_STEP_SUMMARY", "")
    for mark, target, form in _SERVICES:
        if environ.get(mark):
            branch = environ.get(target, "")
            proposed = bool(branch) or event.startswith("pull_request")
            base = form.format(branch) if branch else ""
            return Place(True, proposed, base, event in ("pull_request_target", "workflow_run"), summary)
    return Place(service=environ.get("CI", "").lower() not in ("", "0", "false"))


def refuse_key_in_reach(here: Place) -> None:
    """Raise UsageError where code that runs as this user could get at a signing key or at the service's secrets."""
    if here.secrets:
        raise UsageError(
            "This event gives the code of strangers the secrets of the repository, so none of it is run.",
            "Use `on: pull_request`, or `nb-mlops ci --no-run`, which only reads.",
        )
    named = os.environ.get(KEY_VARIABLE)
    if named or key_path().exists():
        where = f"${KEY_VARIABLE} is set" if named else f"there is one at {_shown(key_path())}"
        raise UsageError(
            f"A signing key is within reach of the notebooks of this change ({where}), so none of them is run.",
            "Give the key only to the job that runs `nb-mlops ci --sign` for what has been accepted.",
        )


def refuse_signing(here: Place) -> None:
    """Raise UsageError where `--sign` would put the key beside a change that nobody has accepted, and where a service
    has none: one that is made there goes with the job."""
    if here.proposed or here.secrets:
        raise UsageError(
            "`--sign` is for what has been accepted, and this is a proposed change.",
            "Leave --sign out here, and run `nb-mlops ci --sign` on the protected branch.",
        )
    if here.service and not key_path().is_file():
        raise UsageError(
            f"There is no key to sign with: {_shown(key_path())} does not exist.",
            f"Write the job's secret to a file that nobody else can read, and name it in ${KEY_VARIABLE}.",
        )


def for_notebooks(environ: Mapping[str, str], passed: Collection[str] = ()) -> dict[str, str]:
    """The environment that code of the change gets: what every program needs, and what was `passed` by name."""
    wanted = {name.upper() for name in passed}
    return {
        name: value
        for name, value in environ.items()
        if (name.upper() in _KEPT or name.upper().startswith("LC_") or name.upper() in wanted)
        and not name.upper().startswith("NB_MLOPS")
    }


@contextlib.contextmanager
def throwaway_key() -> Iterator[Path]:
    """Where a key for one verdict may be made, after the last kernel is gone; it goes with the block, and nothing that
    it signed counts anywhere else."""
    before = os.environ.get(KEY_VARIABLE)
    with tempfile.TemporaryDirectory(prefix="nbm-key-") as folder:
        os.environ[KEY_VARIABLE] = str(Path(folder) / "key.pem")
        try:
            yield Path(folder) / "key.pem"
        finally:
            if before is None:
                del os.environ[KEY_VARIABLE]
            else:
                os.environ[KEY_VARIABLE] = before


def _shown(path: Path) -> str:
    with contextlib.suppress(ValueError, RuntimeError):
        return f"~/{path.relative_to(Path.home()).as_posix()}"
    return path.as_posix()
