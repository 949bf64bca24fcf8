"""The door inside a notebook: `nb_mlops.report()` shows what there is to say about it where it is read."""
