"""Whether everyone can open an address: what shows that a duty is done is read by others.

Nothing here asks the network; the title of a link is what its unit types.
"""

import ipaddress
from urllib.parse import urlsplit

_INSIDE = frozenset(
    {"localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private"}
)
"""Last parts of names that mean something else in each house."""


def is_public(address: str) -> bool:
    """Whether a web address leads to the open network, by its words alone.

    Not to this machine, to a house's own network, or to a host that carries a
    name and password; nor to a number that a browser reads as such an address.
    """
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    if not host or parts.username is not None or parts.password is not None:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        pass
    last = host.rpartition(".")[2]
    return "." in host and not last[:1].isdigit() and last not in _INSIDE
