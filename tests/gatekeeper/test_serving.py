from __future__ import annotations

from typing import Any

import pytest

from nb_mlops.core.premises import Manifest
from nb_mlops.gatekeeper.serving import open_doors


def compose(**service: Any) -> dict[str, Any]:
    return {"services": {"registry": {"image": "ghcr.io/mlflow/mlflow", **service}}}


def kubernetes(kind: str, spec: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    names = {"name": "churn-mlflow", **metadata}
    return {"apiVersion": "v1", "kind": kind, "metadata": names, "spec": spec}


OPEN = [
    (compose(ports=["5000:5000"]), "publishes port 5000:5000"),
    (compose(ports=["0.0.0.0:80:5000"]), "publishes port 0.0.0.0:80:5000"),
    (compose(ports=[{"target": 5000, "published": 80}]), "publishes port 80"),
    (compose(network_mode="host", command="mlflow server --host 0.0.0.0"), "listens to every network"),
    (kubernetes("Service", {"type": "LoadBalancer"}), "`churn-mlflow` is a LoadBalancer"),
    (kubernetes("Service", {"type": "NodePort"}), "is a NodePort"),
    (kubernetes("Ingress", {"rules": []}), "without asking who comes"),
    (kubernetes("InferenceService", {"predictor": {}}), "visible outside of the cluster"),
]
CLOSED = [
    compose(),
    compose(ports=["5000"]),
    compose(ports=["127.0.0.1:5000:5000"]),
    compose(ports=[{"target": 5000, "published": 80, "host_ip": "127.0.0.1"}]),
    compose(ports=["5000:5000"], command="mlflow server --app-name basic-auth"),
    {"services": {"db": {"image": "postgres", "ports": ["5432:5432"]}}},
    {"services": None},
    {"services": {"registry": None}},
    kubernetes("Service", {"type": "ClusterIP"}),
    kubernetes("Service", {"type": "LoadBalancer", "loadBalancerSourceRanges": ["10.0.0.0/8"]}),
    kubernetes("Ingress", {}, annotations={"nginx.ingress.kubernetes.io/auth-type": "basic"}),
    kubernetes("InferenceService", {}, labels={"networking.knative.dev/visibility": "cluster-local"}),
    kubernetes("Deployment", {"template": {}}),
    {"kind": "Service", "apiVersion": "v1", "spec": None},
    {"on": "push", "jobs": {}},
]


@pytest.mark.parametrize(("content", "words"), OPEN)
def test_what_everybody_can_reach_is_named(content: dict[str, Any], words: str) -> None:
    (said,) = open_doors(Manifest("deploy.yml", content))
    assert words in said


@pytest.mark.parametrize("content", CLOSED)
def test_what_is_closed_or_no_model_server_is_left_alone(content: dict[str, Any]) -> None:
    assert not list(open_doors(Manifest("deploy.yml", content)))
