"""The address of an index in a cluster: `opensearch://host:9200,host2:9200/index`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from baocha_indexer.errors import BaochaError, IndexUnusableError

SCHEMES = {"opensearch": False, "opensearchs": True}
"""The schemes of an address, and whether the connection is encrypted (TLS)."""

ADDRESS_FORMS = ("opensearch://主机:9200/索引名", "opensearch://HOST:9200/NAME")
"""How an address is written, in Chinese and in English, for help texts."""

DEFAULT_PORT = 9200

_INDEX_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?")


class AddressError(BaochaError):
    """The address of an index in a cluster is not valid."""


@dataclass(frozen=True, slots=True)
class Address:
    """An index in a cluster. `hosts`: names and ports of some nodes. `is_encrypted`: TLS is used."""

    hosts: tuple[tuple[str, int], ...]
    index: str
    is_encrypted: bool = False

    def __str__(self) -> str:
        """Return the address in one form: the scheme, all hosts with their ports, and the index."""
        scheme = "opensearchs" if self.is_encrypted else "opensearch"
        hosts = ",".join(f"{name}:{port}" for name, port in self.hosts)
        return f"{scheme}://{hosts}/{self.index}"


def is_address(text: str) -> bool:
    """Return whether a text is meant as the address of an index in a cluster."""
    scheme, separator, _ = text.partition("://")
    return bool(separator) and scheme.lower() in SCHEMES


def parse_address(text: str) -> Address:
    """Return the address. Raises AddressError, whose message never has a password."""
    parts = urlsplit(text)
    if "@" in parts.netloc:
        raise AddressError(
            zh="集群地址中不能写用户名和密码，它们会出现在日志里；请改用环境变量 "
            "BAOCHA_CLUSTER_USER 和 BAOCHA_CLUSTER_PASSWORD",
            en="the address of a cluster must not have a user or password, which logs would show; set "
            "BAOCHA_CLUSTER_USER and BAOCHA_CLUSTER_PASSWORD instead",
        )
    hosts = []
    for host in parts.netloc.split(","):
        found = _HOST.fullmatch(host)
        if not found or int(found[2] or DEFAULT_PORT) not in range(1, 65536):
            raise AddressError(
                zh=f"集群地址中的主机“{host}”无效；写法：opensearch://主机:9200,主机2:9200/索引名",
                en=f"invalid host “{host}” in the address of a cluster; write "
                "opensearch://host:9200,host2:9200/index",
            )
        hosts.append((found[1], int(found[2] or DEFAULT_PORT)))
    index = parts.path.strip("/")
    if not _INDEX_NAME.fullmatch(index) or parts.query or parts.fragment:
        shown = text.partition("://")[2].partition("/")[2]
        raise AddressError(
            zh=f"索引名“{shown}”无效；只能用小写字母、数字、- 和 _，以字母或数字开头，最多 100 个字符",
            en=f"invalid index name “{shown}”; use lower-case letters, digits, - and _, begin with a "
            "letter or digit, and use at most 100 characters",
        )
    return Address(tuple(hosts), index, SCHEMES[parts.scheme.lower()])


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to log in to a cluster: a user and a password, or an API key. Empty: not at all.

    `ca_file`: the path of the CA certificates (PEM) of the nodes; empty for those of the system. Secrets do not appear in the representation.
    """

    user: str = ""
    password: str = field(default="", repr=False)
    api_key: str = field(default="", repr=False)
    ca_file: str = ""

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Credentials":
        """Return the credentials in BAOCHA_CLUSTER_USER, _PASSWORD, _API_KEY and _CA_FILE."""
        names = ("USER", "PASSWORD", "API_KEY", "CA_FILE")
        return cls(*(environment.get(f"BAOCHA_CLUSTER_{name}", "") for name in names))


def local_path(index: str) -> Path:
    """Return the path of an index folder, or one for the local files of an index in a cluster.

    Those are in the current folder.
    """
    return Path(f"baocha-{parse_address(index).index}") if is_address(index) else Path(index)


def missing_client() -> IndexUnusableError:
    """Return the error for an installation without the client library of OpenSearch."""
    return IndexUnusableError(
        zh="缺少 OpenSearch 的客户端库；请安装：pip install 'baocha[opensearch]'",
        en="the client library of OpenSearch is missing; install it: pip install 'baocha[opensearch]'",
    )
