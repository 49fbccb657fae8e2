"""Decide which host names this server accepts.

Another site can make its own host name point to the address of this machine (DNS rebinding). The
browser then lets a page of that site read the answers of this server. The header `Host` of such a
request contains the name of that site. So a request for an unknown name is refused, and an unknown
name is never used in a link. A request by IP address cannot be such an attack.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from baocha.settings import Settings

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The accepted host names. `every` accepts any name, `addresses` any IP address."""

    names: frozenset[str] = frozenset()
    every: bool = False
    addresses: bool = False

    def allow(self, header: str) -> bool:
        """Return whether a header `Host` is accepted. Its port is ignored."""
        if self.every:
            return True
        found = _HOST.fullmatch(header.lower())
        if found is None:
            return False
        name = found[1]
        return name in self.names or (self.addresses and ip_address(name) is not None)


EVERY_HOST = Hosts(every=True)


def hosts_of(settings: Settings) -> Hosts:
    """Return the hosts that a server with these settings accepts.

    If it listens on all addresses, any IP address and the name of this machine are included.
    """
    names = {*_LOOPBACK, *settings.hosts}
    if settings.address:
        names.add(_bracketed(urlsplit(settings.address).hostname or ""))
    everywhere = listens_everywhere(settings.host)
    names.add(socket.gethostname().lower() if everywhere else _bracketed(settings.host.lower()))
    return Hosts(frozenset(names), every="*" in settings.hosts, addresses=everywhere)


def listens_everywhere(host: str) -> bool:
    """Return whether a server with this host listens on all addresses of the machine."""
    address = ip_address(host)
    return address is not None and address.is_unspecified


def is_loopback(host: str) -> bool:
    """Return whether a server with this host can be reached only from this machine."""
    address = ip_address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Parse an IP address, with or without brackets. Return None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
