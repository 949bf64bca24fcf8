"""The MLflow model registry: the project's own sqlite store, a database, or a server. MLflow is imported late.

What is put there (submit.py) is compared with what was proven after the upload and before a version is created; what
stands there (shelf.py) is found, fetched and pointed at. client.py reaches a registry, address.py tells registries
apart, source.py follows a version to its files, moved.py lets the paths follow a project's folder, words.py is what
clients and the gated store (doors/mlflow_store) say to each other through MLflow.
"""
