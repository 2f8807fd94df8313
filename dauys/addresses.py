"""Addresses of stores, which may hold a password: what of them may be shown, and what must be struck out."""

import re
from urllib.parse import parse_qs, unquote

_HOST = r"(?:\[[0-9A-Fa-f:.]+\]|[\w.-]+)(?::\d+)?"
_OURS = re.compile(rf"[\w+]+://(?:[^@/?#]*@)?({_HOST}(?:,{_HOST})*(?:/[\w.%-]*)?)(?:\?[^@#]*)?")


def shown(address: str) -> str:
    """Host and name, or a SQLite file, without user, password and options; nothing of an address in another form."""
    scheme, _, path = address.partition(":///")
    if scheme.startswith("sqlite"):
        return path
    whole = _OURS.fullmatch(address)
    return whole.group(1).rstrip("/") if whole else "an address that is not shown"


def secrets_of(address: str) -> set[str]:
    """The address, if it holds a password, and that password as it is written and as it is meant."""
    place, _, options = address.partition("?")
    password = place.partition("://")[2].rpartition("@")[0].partition(":")[2]
    found = {password, unquote(password), *parse_qs(options).get("password", [])} - {""}
    return {address, *found} if found else set()
