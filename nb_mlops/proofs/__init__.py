"""One file, one proof. A proof judges statements, runs nothing, and names the command that makes what is missing."""
