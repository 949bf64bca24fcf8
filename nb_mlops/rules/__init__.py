"""One file, one rule. The catalogue finds them; nobody imports them."""
