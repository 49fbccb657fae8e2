"""Which host names this server answers for.

A page of another site can give its own name the address of this machine (DNS rebinding): the
browser then lets that page read what this server answers. Such a request has the other site's
name in its header `Host`, so a name that is not ours is refused, and none is ever written into
an address. A request by IP address cannot come about this way.
"""

import ipaddress
import re
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from app.config import Settings

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Hosts:
    """The names to answer for; `every` name, or every IP `address`, where these are set."""

    names: frozenset[str] = frozenset()
    every: bool = False
    addresses: bool = False

    def allow(self, header: str) -> bool:
        """Whether a request with this header `Host` is answered; its port does not count."""
        if self.every:
            return True
        found = _HOST.fullmatch(header.lower())
        if found is None:
            return False
        name = found[1]
        return name in self.names or (self.addresses and ip_address(name) is not None)


EVERY_HOST = Hosts(every=True)


def hosts_of(settings: Settings) -> Hosts:
    """Return the hosts that a server with these settings answers for.

    Where it listens on all addresses, that is any IP address and the name of this machine too.
    """
    names = {*_LOOPBACK, *settings.hosts}
    if settings.address:
        names.add(_bracketed(urlsplit(settings.address).hostname or ""))
    everywhere = listens_everywhere(settings.host)
    names.add(socket.gethostname().lower() if everywhere else _bracketed(settings.host.lower()))
    return Hosts(frozenset(names), every="*" in settings.hosts, addresses=everywhere)


def listens_everywhere(host: str) -> bool:
    """Whether a server on this address can be reached by every address of the machine."""
    address = ip_address(host)
    return address is not None and address.is_unspecified


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a server on this address."""
    address = ip_address(host)
    return host.lower() == "localhost" if address is None else address.is_loopback


def ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return an IP address, with or without brackets, or None for a name."""
    try:
        return ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
