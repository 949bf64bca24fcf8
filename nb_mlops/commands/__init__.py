"""One verb a file: a short story told in calls."""
