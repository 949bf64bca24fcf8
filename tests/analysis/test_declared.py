from __future__ import annotations

import pytest
from helpers_cells import counted

from nb_mlops.analysis.declared import declared_models
from nb_mlops.analysis.view import View


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (("import nb_mlops\nnb_mlops.model(m, name='churn')",), ("churn",)),
        (("import nb_mlops as nbm", "nbm.model(m, 'churn', X)"), ("churn",)),
        (("from nb_mlops import model as hand_over\nhand_over(m, name='a')",), ("a",)),
        (("import nb_mlops\nNAME = 'churn'", "nb_mlops.model(m, name=NAME)"), ("churn",)),
        (("import nb_mlops\nNAME = 'a'\nNAME = 'b'", "nb_mlops.model(m, name=NAME)"), ("",)),
        (("import nb_mlops\nnb_mlops.model(m, name=f'churn-{year}')",), ("",)),
        (("import nb_mlops\nnb_mlops.model(m)",), ()),
        (("import nb_mlops\nnb_mlops.metric('auc', 1)\nmodel(m, name='theirs')",), ()),
        (("model(m, name='theirs')\nother.model(m, name='x')",), ()),
        (("import nb_mlops\n%%broken (", "import nb_mlops\nnb_mlops.model(m, name='churn')"), ("churn",)),
    ],
)
def test_the_names_that_a_notebook_hands_models_over_under(sources: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert declared_models(View(counted(*((source, None) for source in sources)))) == names
