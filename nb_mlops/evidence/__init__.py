"""The paper: statements about a model, their predicates and digests. Pure."""
