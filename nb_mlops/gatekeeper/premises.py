"""From what was seen of a gate's premises to its level of assurance and every open hole, each with the way out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from enum import IntEnum

from nb_mlops.core.finding import Finding, Severity
from nb_mlops.core.premises import Premises
from nb_mlops.core.settings import Policy
from nb_mlops.core.value import Struct
from nb_mlops.gatekeeper.serving import open_doors

GATED = "nbgate+"
_SLUGS = {
    "DR001": "registry-without-gate",
    "DR002": "database-within-reach",
    "DR003": "writable-by-others",
    "DR004": "own-key-counts",
    "DR005": "key-in-project",
    "DR006": "ci-key-at-hand",
    "DR007": "autolog-swallows-refusals",
    "DR008": "open-to-the-world",
    "DR009": "no-key-entered",
    "DR010": "server-not-seen",
    "DR011": "server-asks-nobody",
    "DR012": "keys-not-in-git",
}


class Level(IntEnum):
    """How far a gate can be relied on."""

    ADVISORY = 0
    LOCAL = 1
    SERVER = 2
    ISOLATED = 3

    @property
    def words(self) -> str:
        """The level in a sentence."""
        return (
            "advisory: `nb-mlops gate` and `register` refuse, the registry itself takes anything",
            "local: the registry refuses what is not proven; who owns this machine can go round it",
            "server: the server's registry refuses, and only keys of CI count",
            "isolated: as `server`, and only keys count that the code of a notebook cannot come near",
        )[self]


class Diagnosis(Struct, frozen=True):
    """The level, why it is not a higher one ("" for the highest), and the open holes, gravest first."""

    level: Level
    next_step: str
    holes: tuple[Finding, ...]


def diagnose(seen: Premises, policy: Policy) -> Diagnosis:
    """Judge the premises."""
    holes = (*_registry(seen, policy), *_places(seen), *_keys(seen, policy), *_callers(seen))
    level, step = _level(seen, policy)
    return Diagnosis(level, step, tuple(sorted(holes, key=lambda hole: (-hole.severity.rank, hole.code, hole.path))))


def _level(seen: Premises, policy: Policy) -> tuple[Level, str]:
    uri = policy.registry
    remote = uri.startswith(("http://", "https://"))
    if remote and seen.server and seen.server.reached and seen.server.gated is None:
        return Level.ADVISORY, "Run `nb-mlops doctor` on the server: from here nobody can see whether it has a gate."
    if remote and not (seen.server and seen.server.gated):
        return Level.ADVISORY, "Run the server with `--registry-store-uri nbgate+…` (docs/evidence.md)."
    if uri and not remote and not uri.startswith(GATED):
        return Level.ADVISORY, f'Write `registry = "{GATED}…"` in [tool.nb-mlops.gate], or leave it out.'
    if not remote:
        return Level.LOCAL, "Keep the registry behind `mlflow server` with a gate of its own, and name its URL."
    strict = not policy.own_key and policy.assurance in ("ci", "isolated")
    if not strict or not set(seen.levels) & {"ci", "isolated"}:
        return Level.LOCAL, 'Set `preset = "team"` and enter the key of CI: `nb-mlops keys trust --assurance ci`.'
    if policy.assurance != "isolated" or "isolated" not in seen.levels:
        return Level.SERVER, 'Sign on a runner that notebooks cannot reach: `preset = "regulated"`.'
    return Level.ISOLATED, ""


def _registry(seen: Premises, policy: Policy) -> Iterator[Finding]:
    named = ((policy.registry, "[tool.nb-mlops.gate]"), *seen.registries)
    for uri, who in named:
        if uri and not uri.startswith((GATED, "http://", "https://")) and _is_registry(who, seen):
            text = f"{who} names a registry by its plain URI ({uri.partition(':')[0]}): it takes any model unasked."
            yield _hole("DR001", Severity.ERROR, text, f"Put `{GATED}` before the URI.")
    if policy.registry.startswith(f"{GATED}postgresql") or policy.registry.startswith(f"{GATED}mysql"):
        text = "The settings name the registry's database itself: whoever has its password can register past the gate."
        yield _hole("DR002", Severity.WARNING, text, "Give the password to an `mlflow server` alone, and name its URL.")
    elif seen.database is not None:
        text = f"`{seen.database.path}` opened by its plain `sqlite://` URI knows no gate: who may write it can pass."
        yield _hole("DR002", Severity.INFO, text, "For more than one person, keep the registry behind a server.")
    if seen.server is None:
        return
    if not seen.server.reached:
        text = "The registry's server did not answer, so nobody can say whether it has a gate."
        yield _hole("DR010", Severity.WARNING, text, "Start it, or mend `registry` in [tool.nb-mlops.gate].")
    elif seen.server.gated is None:
        text = "The registry's server lets no stranger ask, so whether it has a gate was not seen from here."
        yield _hole("DR010", Severity.INFO, text, "Run `nb-mlops doctor` on the server, in the folder of its policy.")
    elif not seen.server.gated:
        text = "The registry's server has no gate: `mlflow.register_model` puts anything into it."
        yield _hole("DR001", Severity.ERROR, text, "Start it with `--registry-store-uri nbgate+…` (docs/evidence.md).")
    if seen.server.asks_who is False:
        text = "The registry's server answers everybody, so everybody may overwrite the files behind a version."
        way = "Put a password before it (`mlflow server --app-name basic-auth`); load models by `nb_mlops.load_model`."
        yield _hole("DR011", Severity.WARNING, text, way)


def _is_registry(who: str, seen: Premises) -> bool:
    """Whether MLflow takes this for the registry: the tracking URI is one where no registry is named beside it."""
    return who != "$MLFLOW_TRACKING_URI" or all(other != "$MLFLOW_REGISTRY_URI" for _, other in seen.registries)


def _places(seen: Premises) -> Iterator[Finding]:
    for place in seen.places:
        if place.writable:
            text = f"`{place.path}` may be written by {place.writable}: what was proven can be exchanged there."
            yield _hole("DR003", Severity.WARNING, text, f"chmod -R go-w {place.path}", place.path)


def _keys(seen: Premises, policy: Policy) -> Iterator[Finding]:
    own = seen.own_key
    if own is not None and own.in_project:
        text = f"The private key lies inside the project (`{own.place}`): notebooks can read it, git may take it along."
        yield _hole(
            "DR005", Severity.ERROR, text, "Make a new one elsewhere, name it in $NB_MLOPS_KEY, and delete this."
        )
    if own is not None and own.assurance in ("ci", "isolated") and not seen.in_service:
        text = f"The project says that only {own.assurance} holds the key {own.key[:12]}, and it is on this machine."
        yield _hole("DR006", Severity.ERROR, text, f"`nb-mlops keys revoke {own.key[:12]}`, and make one in its place.")
    if policy.own_key and not policy.trusted_keys:
        text = "Your own key counts, so whoever uses this machine can sign anything; the evidence says `self`."
        yield _hole("DR004", Severity.INFO, text, 'In a team, set `preset = "team"` and let CI sign.')
    elif not seen.levels and not policy.trusted_keys:
        text = "The policy counts entered keys alone, and none is entered: nothing can pass the gate."
        whose = {"self": "NAME", "ci": "CI", "isolated": "RUNNER"}[policy.assurance]
        way = f"`nb-mlops keys trust KEY.pem --owner {whose} --assurance {policy.assurance}`"
        yield _hole("DR009", Severity.WARNING, text, way)
    if "approval" in policy.require and policy.four_eyes and not seen.approvers:
        text = "The policy asks for approvals, and nobody has a key for them: nothing can pass the gate."
        yield _hole("DR009", Severity.WARNING, text, "`nb-mlops keys trust KEY.pem --owner NAME --for approval`")
    if seen.untracked:
        names = ", ".join(f"`{name}`" for name in seen.untracked[:2])
        more = f" and {len(seen.untracked) - 2} more" if seen.untracked[2:] else ""
        verb = "are" if seen.untracked[1:] else "is"
        text = f"{names}{more} {verb} not in git: what a key may do, and that it was revoked, only this machine knows."
        yield _hole("DR012", Severity.WARNING, text, "git add .nb-mlops/keys, and commit.")


def _callers(seen: Premises) -> Iterator[Finding]:
    for call in seen.autologs:
        text = f"`autolog(registered_model_name=…)` ({call.where}) says nothing when the registry refuses: it goes on."
        way = "Call `nb_mlops.model(…)` and register with `nb-mlops register`."
        yield _hole("DR007", Severity.WARNING, text, way, call.path)
    for manifest in seen.manifests:
        for said in open_doors(manifest):
            way = "Bind it to 127.0.0.1 or an inner network, or put something before it that asks who comes."
            yield _hole("DR008", Severity.WARNING, f"{said}.", way, manifest.path)


def _hole(code: str, severity: Severity, text: str, way: str, path: str = "") -> Finding:
    mark = hashlib.sha256("\0".join((code, path, text)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    data = {"problem": text, "remedy": way}
    return Finding(code, _SLUGS[code], severity, f"{text} {way}", path, fingerprint=mark, data=data)
