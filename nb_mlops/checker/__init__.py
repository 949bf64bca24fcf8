"""Records of runs to findings: do they agree, and where do they part? Pure."""
