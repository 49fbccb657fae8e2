"""Start real OpenSearch servers: one for all tests, or a cluster of several processes.

`make opensearch` downloads the server; the tests only start it. A server listens on 127.0.0.1.
"""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest

JARS = Path(sys.prefix) / "opensearch"
DEPLOY = Path(__file__).parent.parent / "deploy"
START_SECONDS = 120
MEMORY = "-Xmx512m"


def missing() -> str | None:
    """Return why no server can be started, or None."""
    if shutil.which("java") is None:
        return "OpenSearch: Java 17 is not installed"
    if not JARS.is_dir():
        return "OpenSearch: run `make opensearch`, which needs Maven"
    return None


def require() -> None:
    """Skip the test if no server can be started; fail instead where the tests must run."""
    reason = missing()
    if reason and os.environ.get("BAOCHA_TEST_OPENSEARCH") == "required":
        pytest.fail(reason)
    if reason:
        pytest.skip(reason)


_STARTED: "list[Server]" = []


class Server:
    """A node in a process of its own."""

    def __init__(
        self,
        folder: Path,
        http: int,
        cluster: str,
        options: str = "",
        *,
        jars: Path = JARS,
        java: Sequence[str] = (),
        runner: Sequence[str] = (),
    ) -> None:
        """Start a node of a cluster. `options`: lines of its `opensearch.yml`.

        `java`, `runner`: more arguments of Java and of the program.
        """
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "opensearch.yml").write_text(f"network.host: 127.0.0.1\n{options}")
        # The runner adds the number of the node to this port.
        command = [
            *("java", MEMORY, *java, "-cp", f"{jars}/*"),
            "org.codelibs.opensearch.runner.OpenSearchRunner",
            *("-basePath", str(folder), "-confPath", str(folder)),
            *("-numOfNode", "1", "-baseHttpPort", str(http - 1), "-clusterName", cluster),
            *runner,
        ]
        self.address = f"127.0.0.1:{http}"
        with (folder / "log").open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def wait(self, nodes: int = 1) -> None:
        """Wait until the node answers and sees this number of nodes."""
        end = time.monotonic() + START_SECONDS
        url = f"http://{self.address}/_cluster/health?wait_for_nodes={nodes}&timeout=30s"
        while time.monotonic() < end and self.process.poll() is None:
            try:
                with urlopen(url, timeout=35) as answer:
                    if not json.load(answer)["timed_out"]:
                        return
            except (URLError, ConnectionError, TimeoutError):
                time.sleep(0.2)
        self.stop()
        raise TimeoutError(self.address)

    def stop(self) -> None:
        """Kill the node."""
        self.process.kill()
        self.process.wait()


def free_port(used: Sequence[int] = (), first: int = 9211) -> int:
    """Return a free port from `first` on. The runner accepts only ports up to 9299 for HTTP.

    Kinds of servers that may be started at the same moment have ranges of their own.
    """
    for port in range(first, 9300):
        if port in used:
            continue
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)):
                return port
    raise OSError("no free port")


class ThreeNodes:
    """A cluster of three processes, so that one can be killed."""

    def __init__(self, folder: Path, options: str = "") -> None:
        """Start the nodes, and wait until each sees the others."""
        self._folder, self._options = folder, options
        self._ports: list[int] = []
        for _ in range(3):
            self._ports.append(free_port(self._ports, 9230))
        self.addresses = [f"127.0.0.1:{port}" for port in self._ports]
        self.servers = [self._start(at) for at in range(3)]
        try:
            for server in self.servers:
                server.wait(3)
        except TimeoutError:
            self.stop()
            raise

    def _start(self, at: int) -> Server:
        transports = json.dumps([f"127.0.0.1:{port + 1000}" for port in self._ports])
        options = (
            f"transport.port: {self._ports[at] + 1000}\n"
            f"discovery.seed_hosts: {transports}\n"
            f"cluster.initial_cluster_manager_nodes: {transports}\n{self._options}"
        )
        folder = self._folder / f"node {at}"
        return Server(folder, self._ports[at], self._folder.name, options)

    def address(self, index: str) -> str:
        """Return the address of an index, with all hosts."""
        return f"opensearch://{','.join(self.addresses)}/{index}"

    def manager(self) -> int:
        """Return the number of the node that manages the cluster."""
        with urlopen(f"http://{self.addresses[0]}/_cat/cluster_manager?format=json") as answer:
            identity = json.load(answer)[0]["id"]
        for at, address in enumerate(self.addresses):
            with urlopen(f"http://{address}/_nodes/_local") as answer:
                if identity in json.load(answer)["nodes"]:
                    return at
        raise LookupError(identity)

    def restart(self, at: int) -> None:
        """Start a node that was killed."""
        self.servers[at] = self._start(at)

    def wait_green(self) -> None:
        """Wait until every shard has all its copies."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            for address in self.addresses:
                url = f"http://{address}/_cluster/health?wait_for_status=green&wait_for_nodes=3&timeout=20s"
                try:
                    with urlopen(url, timeout=25) as answer:
                        if not json.load(answer)["timed_out"]:
                            return
                except (URLError, ConnectionError, TimeoutError):
                    time.sleep(0.2)
        raise TimeoutError(self.addresses)

    def stop(self) -> None:
        """Kill all nodes."""
        for server in self.servers:
            server.stop()


class SecuredServer:
    """A node with TLS, users and roles, as `deploy/` sets them up."""

    def __init__(self, folder: Path) -> None:
        """Start the node. `folder` gets all its files."""
        jars, conf = folder / "jars", folder / "conf"
        _unpack_security(jars)
        hasher = "java -Xmx64m org.opensearch.security.tools.Hasher -p"
        subprocess.run(
            [DEPLOY / "opensearch/prepare.sh", conf, "node1"],
            env={**os.environ, "HASH": hasher, "CLASSPATH": f"{jars}/*"},
            check=True,
            capture_output=True,
        )
        (conf / "security").rename(conf / "opensearch-security")
        lines = (conf / "passwords.env").read_text().splitlines()
        self.passwords = {
            name.removesuffix("_PASSWORD").lower(): value
            for name, _, value in (line.partition("=") for line in lines)
        }
        self.ca_file = str(conf / "tls/ca.pem")
        compose = (DEPLOY / "compose.opensearch.yaml").read_text()
        settings = re.findall(r"^  ((?:plugins\.security|action)\..*)$", compose, re.MULTILINE)
        port = free_port(first=9260)
        self._server = Server(
            conf,
            port,
            folder.name,
            "\n".join(settings),
            jars=jars,
            java=[f"-Dsecurity.default_init.dir={conf / 'opensearch-security'}"],
            runner=["-pluginTypes", "org.opensearch.security.OpenSearchSecurityPlugin"],
        )
        self.address = f"127.0.0.1:{port}"
        try:
            self._wait()
        except TimeoutError:
            self.stop()
            raise

    def _wait(self) -> None:
        """Wait until users can log in."""
        trusted = ssl.create_default_context(cafile=self.ca_file)
        login = b64encode(f"admin:{self.passwords['admin']}".encode()).decode()
        request = Request(f"https://{self.address}/", headers={"Authorization": f"Basic {login}"})
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            try:
                with urlopen(request, timeout=10, context=trusted):  # noqa: S310 — our node
                    return
            except OSError:
                time.sleep(0.5)
        raise TimeoutError(self.address)

    def stop(self) -> None:
        """Kill the node."""
        self._server.stop()


def _unpack_security(jars: Path) -> None:
    """Make a folder with the jars of the security plugin, and those of the server that it lacks."""
    jars.mkdir()
    (plugin,) = JARS.glob("opensearch-security-*.zip")
    with ZipFile(plugin) as content:
        content.extractall(jars, [name for name in content.namelist() if name.endswith(".jar")])
    artifact = re.compile(r"-[0-9].*")
    known = {artifact.sub("", path.name) for path in jars.glob("*.jar")}
    for path in JARS.glob("*.jar"):
        if artifact.sub("", path.name) not in known:
            (jars / path.name).symlink_to(path)


def shared_server(folder: Path) -> str:
    """Return the host and port of the server of this test run. The first caller starts it."""
    require()
    known = folder / "server.json"
    try:
        folder.mkdir()
    except FileExistsError:
        end = time.monotonic() + 2 * START_SECONDS
        while not known.exists():
            if time.monotonic() > end:
                raise TimeoutError(folder) from None
            time.sleep(0.1)
    else:
        snapshots = f"path.repo: {json.dumps(str(folder / 'snapshots'))}\n"
        server = Server(folder / "node", free_port(), folder.name, snapshots)
        _STARTED.append(server)  # until the end of this process
        server.wait()
        written = folder / "new.json"
        written.write_text(json.dumps({"address": server.address, "pid": server.process.pid}))
        written.rename(known)
    return str(json.loads(known.read_text())["address"])


def stop_shared_server(folder: Path) -> None:
    """Stop the server of this test run, if one was started."""
    known = folder / "server.json"
    if known.exists():
        os.kill(json.loads(known.read_text())["pid"], signal.SIGTERM)
