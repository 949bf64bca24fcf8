"""Metadata that applications leave in notebooks for themselves: new on every machine or run, read by nobody else.

Written for nb-mlops from the applications' own documentation and from what real notebooks hold. What an author sets by
hand (tags, slides, `hide_input`, `cellView`, GPU type), what another program needs (nbgrader, jupytext, .NET
Interactive's language of a cell) and the times in `execution`, which tell the order cells were run in, are not here.
"""

from __future__ import annotations

# Of a cell: the entry, and who writes it.
CELL_NOISE = {
    "collapsed": "notebook applications",
    "Collapsed": "notebook applications",
    "scrolled": "Jupyter Notebook",
    "ExecuteTime": "the ExecuteTime extension",
    "vscode": "VS Code",
    "pycharm": "PyCharm",
    "papermill": "papermill",
    "colab": "Colab",
    "colab_type": "Colab",
    "executionInfo": "Colab",
    "outputId": "Colab",
    "gather": "Azure ML",
    "_cell_guid": "Kaggle",
    "_uuid": "Kaggle",
}

# A cell's `id` in its metadata is Colab's where the notebook has an entry of Colab's.
COLAB_CELL = "id"
COLAB_NOTEBOOK = ("colab", "colabVersion")

# Of the notebook.
NOTEBOOK_NOISE = {
    ("vscode",): "VS Code",
    ("interpreter",): "VS Code",
    ("metadata", "interpreter"): "VS Code",
    ("orig_nbformat",): "VS Code",
    ("pycharm",): "PyCharm",
    ("papermill",): "papermill",
    ("colab", "name"): "Colab",
    ("colab", "provenance"): "Colab",
    ("colab", "authorship_tag"): "Colab",
    ("colab", "collapsed_sections"): "Colab",
    ("colab", "last_runtime"): "Colab",
    ("colabVersion",): "Colab",
    ("toc", "toc_position"): "the table of contents extension",
    ("varInspector",): "the variable inspector extension",
}
