"""Manifests that put a registry or a model server within everybody's reach: Compose, Kubernetes, KServe."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from nb_mlops.core.premises import Manifest

_SERVES = re.compile(r"mlflow|mlserver|kserve|seldon|tritonserver|torchserve|bentoml|jupyter", re.IGNORECASE)
_ANYWHERE = re.compile(r"(--host[= ]+|MLFLOW_HOST[= ]+|-h )(0\.0\.0\.0|::)")
_GUARDED = re.compile(r"basic-auth|oauth|auth-url|auth-type|auth-secret|whitelist|allowlist", re.IGNORECASE)
_LOOPBACK = ("127.", "localhost", "[::1]")
_OPEN_SERVICES = ("LoadBalancer", "NodePort")


def open_doors(manifest: Manifest) -> Iterator[str]:
    """What of a document stands open, each in a sentence that names the thing."""
    content = manifest.content
    if isinstance(content.get("services"), Mapping):
        for name, service in content["services"].items():
            if isinstance(service, Mapping):
                yield from _compose(str(name), service)
    if "kind" in content and "apiVersion" in content:
        yield from _kubernetes(content)


def _compose(name: str, service: Mapping[str, Any]) -> Iterator[str]:
    text = _flat(service)
    if not _SERVES.search(f"{name} {text}") or _GUARDED.search(text):
        return
    ports = service.get("ports")
    wide = [port for port in ports if _is_wide(port)] if isinstance(ports, list) else []
    if wide:
        yield f"The service `{name}` publishes port {_port(wide[0])} to every network this machine is on"
    elif service.get("network_mode") == "host" and _ANYWHERE.search(text):
        yield f"The service `{name}` listens to every network this machine is on"


def _is_wide(port: object) -> bool:
    if isinstance(port, Mapping):
        return bool(port.get("published")) and not str(port.get("host_ip", "")).startswith(_LOOPBACK)
    text = str(port)
    return ":" in text.strip("[]") and not text.startswith(_LOOPBACK)


def _port(port: object) -> str:
    return str(port.get("published")) if isinstance(port, Mapping) else str(port)


def _kubernetes(content: Mapping[str, Any]) -> Iterator[str]:
    kind, metadata, spec = str(content["kind"]), content.get("metadata"), content.get("spec")
    name = str(metadata.get("name", "?")) if isinstance(metadata, Mapping) else "?"
    text = _flat(content)
    if not isinstance(spec, Mapping) or _GUARDED.search(text):
        return
    if kind == "Service" and spec.get("type") in _OPEN_SERVICES and _SERVES.search(text):
        if not spec.get("loadBalancerSourceRanges"):
            yield f"The Service `{name}` is a {spec['type']} that admits every address"
    elif kind in ("Ingress", "HTTPRoute", "Route") and _SERVES.search(text):
        yield f"The {kind} `{name}` leads to a model server without asking who comes"
    elif kind == "InferenceService" and "networking.knative.dev/visibility" not in text:
        yield f"The InferenceService `{name}` is visible outside of the cluster and asks nobody who they are"


def _flat(value: object) -> str:
    """All keys and values of a document as one text, as `key: value` where a value is plain."""
    if isinstance(value, Mapping):
        return " ".join(f"{key}: {_flat(item)}" for key, item in value.items())
    if isinstance(value, list):
        return " ".join(map(_flat, value))
    return str(value)
