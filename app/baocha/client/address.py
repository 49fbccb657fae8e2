"""The address of a server: `http://host:8000`, `https://search.example/baocha`."""

import re

from baocha_indexer.messages import Message

ADDRESS_FORM = Message(
    zh="应为 http://主机[:端口][/路径前缀] 或 https://主机[:端口][/路径前缀]",
    en="must be http://HOST[:PORT][/PREFIX] or https://HOST[:PORT][/PREFIX]",
)

_ADDRESS = re.compile(
    r"(https?)://(\[[0-9a-f:.]+\]|[^\s/?#@:\[\]\\]+)(?::([0-9]{1,5}))?((?:/[\w.~-]+)*)/*",
    re.ASCII | re.IGNORECASE,
)
_MAX_PORT = 65535


class ServerAddress:
    """The address of a server. `host` is ASCII, IPv6 in brackets; `prefix` is empty or begins with /."""

    def __init__(self, *, encrypted: bool, host: str, port: int, prefix: str) -> None:
        """`encrypted`: with TLS."""
        self.encrypted = encrypted
        self.host = host
        self.port = port
        self.prefix = prefix

    @property
    def authority(self) -> str:
        """Host and port, as the header `Host` has them: without the default port."""
        default = 443 if self.encrypted else 80
        return self.host if self.port == default else f"{self.host}:{self.port}"

    def __str__(self) -> str:
        return f"http{'s' * self.encrypted}://{self.authority}{self.prefix}"


def parse_address(text: str) -> ServerAddress | None:
    """Return the address, or None if it is not in the form that `ADDRESS_FORM` describes."""
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return None
    scheme, host, port, prefix = found.groups()
    encrypted = scheme.lower() == "https"
    number = int(port) if port else (443 if encrypted else 80)
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    if not 0 < number <= _MAX_PORT or not host.isprintable():
        return None
    return ServerAddress(encrypted=encrypted, host=host.lower(), port=number, prefix=prefix)
