"""What the clients of a gated registry and the registry itself say to each other through MLflow's interfaces."""

# How every tag begins that the gate alone may set.
OUR_TAGS = "nb_mlops."
# The tag that holds the tree digest which a version was registered with.
DIGEST_TAG = "nb_mlops.model.digest"
# The tag that says which notebook the model came from.
NOTEBOOK_TAG = "nb_mlops.notebook"
# Asks a gated registry for the version that holds these files already, rather than for another one.
ONCE_TAG = "nb_mlops.once"
# The tag by which an order reaches a gated registry, and before the digest of each line of its ledger that it shows.
ORDER_TAG = "nb_mlops.order"
LINE_TAG = "nb_mlops.ledger."
# How a refusal of that registry begins, wherever it is read.
REFUSES = "nb-mlops refuses."
