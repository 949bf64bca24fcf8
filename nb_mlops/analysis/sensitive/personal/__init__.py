"""Personal values in a text: addresses, numbers that name a person, and home folders that carry a user name."""

from nb_mlops.analysis.sensitive.personal.addresses import Home, find_addresses, find_emails, find_homes
from nb_mlops.analysis.sensitive.personal.find import find_personal
from nb_mlops.analysis.sensitive.personal.kinds import Kind, Value

__all__ = ["Home", "Kind", "Value", "find_addresses", "find_emails", "find_homes", "find_personal"]
