"""The door for JupyterLab: routes of a Jupyter server that translate requests into commands, and their answers back."""
