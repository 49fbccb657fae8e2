"""The address of an index in a cluster: `opensearch://host:9200,host2:9200/index`."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from pathlib import Path

from baocha_indexer.errors import BaochaError, IndexUnusableError
from baocha_indexer.messages import Message

SCHEMES = {"opensearch": False, "opensearchs": True}
"""The schemes of an address, and whether the connection is encrypted (TLS)."""

ADDRESS_FORMS = ("opensearch://主机:9200/索引名", "opensearch://HOST:9200/NAME")
"""How an address is written, in Chinese and in English, for help texts."""

DEFAULT_PORT = 9200

_INDEX_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_INTERNAL_NAME = re.compile(r"(.*)-baocha-[0-9]+(-write)?")
_LIKE_ADDRESS = re.compile(
    r"\s*([a-z]{2,}://|opensearchs?(:|//)|[a-z0-9.-]+:[0-9]{2,5}/)", re.IGNORECASE
)
_LOOPBACK = re.compile(r"localhost|127(\.[0-9]{1,3}){3}|\[::1\]", re.IGNORECASE)
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
    """Return whether a text is meant as the address of an index in a cluster, correct or not."""
    return _LIKE_ADDRESS.match(text) is not None


def parse_address(text: str) -> Address:
    """Return the address. Raises AddressError, whose message never has a password."""
    scheme, separator, rest = text.partition("://")
    if not separator or scheme.lower() not in SCHEMES:
        raise AddressError(
            zh="集群地址须以 opensearch:// 或 opensearchs://（TLS）开头，写法："
            "opensearch://主机:9200/索引名；如为文件夹，请写成 ./文件夹",
            en="the address of a cluster begins with opensearch:// or opensearchs:// (TLS): "
            "opensearch://HOST:9200/NAME; write a folder as ./FOLDER",
        )
    if "@" in rest:
        raise AddressError(
            zh="集群地址中不能写用户名和密码，它们会出现在日志里；请改用环境变量 "
            "BAOCHA_CLUSTER_USER 和 BAOCHA_CLUSTER_PASSWORD",
            en="the address of a cluster must not have a user or password, which logs would show; set "
            "BAOCHA_CLUSTER_USER and BAOCHA_CLUSTER_PASSWORD instead",
        )
    hosts = []
    netloc, _, index = rest.partition("/")
    for host in netloc.split(","):
        found = _HOST.fullmatch(host)
        port = int(found[2] or DEFAULT_PORT) if found else 0
        if not found or port not in range(1, 65536) or not _is_host(found[1]):
            raise AddressError(
                zh=f"集群地址中的主机“{host}”无效；写法：opensearch://主机:9200,主机2:9200/索引名",
                en=f"invalid host “{host}” in the address of a cluster; write "
                "opensearch://host:9200,host2:9200/index",
            )
        hosts.append((found[1], port))
    index = index.strip("/")
    if not index:
        raise AddressError(
            zh=f"集群地址中缺少索引名，写法：{scheme}://{netloc}/索引名",
            en=f"the address of the cluster has no index name: {scheme}://{netloc}/NAME",
        )
    if internal := _INTERNAL_NAME.fullmatch(index):
        raise AddressError(
            zh=f"“{index}”是报查的内部索引名；请改用“{internal[1]}”",
            en=f"“{index}” is an internal name of baocha; use “{internal[1]}”",
        )
    if not _INDEX_NAME.fullmatch(index):
        raise AddressError(
            zh=f"索引名“{index}”无效；只能用小写字母、数字、- 和 _，以字母或数字开头，最多 100 个字符",
            en=f"invalid index name “{index}”; use lower-case letters, digits, - and _, begin with a "
            "letter or digit, and use at most 100 characters",
        )
    return Address(tuple(hosts), index, SCHEMES[scheme.lower()])


def _is_host(name: str) -> bool:
    """Return False for a text in square brackets that is not an IPv6 address."""
    try:
        if name.startswith("["):
            IPv6Address(name.strip("[]"))
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to log in to a cluster: a user and a password, or an API key. Empty: not at all.

    `ca_file`: the path of the CA certificates (PEM) of the nodes; empty for those of the system.
    Secrets do not appear in the representation.
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


def unencrypted_login(index: str, credentials: Credentials) -> Message | None:
    """Return a warning if a password or API key would be sent over a network without TLS."""
    if not is_address(index) or not (credentials.password or credentials.api_key):
        return None
    address = parse_address(index)
    if address.is_encrypted or all(_LOOPBACK.fullmatch(name) for name, _ in address.hosts):
        return None
    return Message(
        zh=f"连接 {address} 的密码或密钥未加密传输；请改用 opensearchs://",
        en=f"the password or key for {address} is sent without encryption; use opensearchs://",
    )


def local_path(index: str) -> Path:
    """Return the path of an index folder, or one for the local files of an index in a cluster.

    Those are in the current folder.
    """
    return Path(f"baocha-{parse_address(index).index}") if is_address(index) else Path(index)


def missing_client() -> IndexUnusableError:
    """Return the error for an installation without the client library of OpenSearch."""
    return IndexUnusableError(
        zh="缺少 OpenSearch 的客户端库；请在项目文件夹中安装："
        "python -m pip install -c constraints.txt -e '.[opensearch]'",
        en="the client library of OpenSearch is missing; install it in the folder of the project: "
        "python -m pip install -c constraints.txt -e '.[opensearch]'",
    )
