"""Drive an installed Chromium, Firefox or WebKit by WebDriver, with the standard library only.

Chromium and WebKit have a driver that speaks WebDriver over HTTP (https://www.w3.org/TR/webdriver2/).
Firefox itself speaks the same commands over a socket: Marionette, each message as `length:JSON`
(https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html). Debian has no geckodriver,
which only translates one to the other.
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any, ClassVar

from tools.render import FLAGS

START_SECONDS = 30
"""How long to wait until a driver or a browser accepts connections."""

WAIT_SECONDS = 10
"""How long to wait for a condition on a page."""

ENTER, TAB, CONTROL = "\ue007", "\ue004", "\ue009"
"""Keys, as WebDriver names them."""

_MINI_BROWSER = Path("/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser")
_DISPLAY_SIZE = "1440x900x24"


class WebDriverError(Exception):
    """A browser refuses a command, or a condition does not become true in time."""


class Session(ABC):
    """A browser with one window."""

    def __init__(self, name: str, version: str) -> None:
        """Remember the name and version of the browser."""
        self.name = name
        self.version = version

    @abstractmethod
    def send(self, command: str, body: Mapping[str, Any]) -> Any:
        """Send a command such as `Navigate` and return its value. Raises WebDriverError."""

    def open(self, address: str) -> None:
        """Open a page and wait until it is loaded."""
        self.send("Navigate", {"url": address})

    def run(self, script: str) -> Any:
        """Run the body of a function in the page and return its result."""
        return self.send("ExecuteScript", {"script": script, "args": [], "sandbox": None})

    def wait(self, expression: str) -> None:
        """Wait until an expression is true in the page. Raises WebDriverError."""
        until = time.monotonic() + WAIT_SECONDS
        while not self.run(f"return Boolean({expression})"):
            if time.monotonic() > until:
                raise WebDriverError(f"not true after {WAIT_SECONDS} s: {expression}")
            time.sleep(0.05)

    def press(self, *keys: str, holding: str = "") -> None:
        """Press and release keys, while another key is held down if `holding` is given."""
        strokes = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        if holding:
            down, up = ({"type": kind, "value": holding} for kind in ("keyDown", "keyUp"))
            strokes = [down, *strokes, up]
        actions = [{"type": "key", "id": "keyboard", "actions": strokes}]
        self.send("PerformActions", {"actions": actions})

    def enter_frame(self) -> None:
        """Let the next commands act on the first frame of the page."""
        self.send("SwitchToFrame", {"id": 0})


class HttpSession(Session):
    """A session with a driver that speaks HTTP."""

    _PATHS: ClassVar = {
        "Navigate": "/url",
        "ExecuteScript": "/execute/sync",
        "PerformActions": "/actions",
        "SwitchToFrame": "/frame",
    }

    def __init__(self, name: str, port: int, capabilities: Mapping[str, Any]) -> None:
        """Start a browser. Raises WebDriverError if the driver refuses."""
        self._port = port
        asked = {"capabilities": {"alwaysMatch": capabilities}}
        created = self._request("POST", "/session", asked)
        self._path = f"/session/{created['sessionId']}"
        super().__init__(name, created["capabilities"].get("browserVersion", ""))

    def send(self, command: str, body: Mapping[str, Any]) -> Any:
        """Send a command and return its value. Raises WebDriverError."""
        return self._request("POST", self._path + self._PATHS[command], body)

    def close(self) -> None:
        """Close the browser."""
        self._request("DELETE", self._path, None)

    def _request(self, method: str, path: str, body: Mapping[str, Any] | None) -> Any:
        connection = HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            content = None if body is None else json.dumps(body).encode()
            connection.request(method, path, content, {"Content-Type": "application/json"})
            value = json.loads(connection.getresponse().read())["value"]
        except (OSError, HTTPException) as error:
            raise WebDriverError(f"{method} {path}: {error}") from error
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise WebDriverError(f"{value['error']}: {value.get('message', '')}")
        return value


class MarionetteSession(Session):
    """A session with Firefox."""

    def __init__(self, port: int) -> None:
        """Connect to a browser that listens."""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._stream = self._socket.makefile("rb")
        self._number = 0
        self._read()  # Firefox begins with its name and the version of the protocol.
        created = self.send("NewSession", {})
        super().__init__("firefox", created["capabilities"]["browserVersion"])

    def send(self, command: str, body: Mapping[str, Any]) -> Any:
        """Send a command and return its value. Raises WebDriverError."""
        self._number += 1
        message = json.dumps([0, self._number, f"WebDriver:{command}", body]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise WebDriverError(f"{error['error']}: {error['message']}")
        return result["value"] if result and set(result) == {"value"} else result

    def close(self) -> None:
        """Close the connection. The caller ends the process."""
        self._stream.close()
        self._socket.close()

    def _read(self) -> Any:
        length = b""
        while (character := self._stream.read(1)) != b":":
            if not character:
                raise WebDriverError("Firefox closed the connection")
            length += character
        return json.loads(self._stream.read(int(length)))


@contextmanager
def chromium() -> Iterator[Session]:
    """Start Chromium. Raises WebDriverError if it or its driver is not installed."""
    driver = _installed("chromedriver", "chromium-driver")
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(_process(driver, f"--port={port}"))
        _wait_for(port)
        options = {"args": ["--headless=new", "--window-size=1440,900", *FLAGS]}
        session = HttpSession("chromium", port, {"goog:chromeOptions": options})
        stack.callback(session.close)
        yield session


@contextmanager
def firefox() -> Iterator[Session]:
    """Start Firefox. Raises WebDriverError if it is not installed."""
    program = _installed("firefox-esr", "firefox-esr")
    port = free_port()
    with ExitStack() as stack:
        profile = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        preferences = {
            "marionette.port": port,
            "app.update.enabled": False,
            "browser.shell.checkDefaultBrowser": False,
            "datareporting.policy.dataSubmissionEnabled": False,
            "toolkit.telemetry.enabled": False,
        }
        lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in preferences.items()]
        (profile / "user.js").write_text("\n".join(lines), "utf-8")
        arguments = ("--headless", "--marionette", "--no-remote", "--profile", str(profile))
        stack.enter_context(_process(program, *arguments, HOME=str(profile)))
        _wait_for(port)
        session = MarionetteSession(port)
        stack.callback(session.close)
        yield session


@contextmanager
def webkit() -> Iterator[Session]:
    """Start the small browser of WebKitGTK. Raises WebDriverError if something is not installed.

    It has no mode without a display, so it gets a virtual one.
    """
    driver = _installed("WebKitWebDriver", "webkit2gtk-driver")
    if not _MINI_BROWSER.exists():
        raise WebDriverError("not installed: webkit2gtk-driver")
    display = _installed("Xvfb", "xvfb")
    port = free_port()
    with ExitStack() as stack:
        number = stack.enter_context(_display(display))
        home = stack.enter_context(tempfile.TemporaryDirectory())
        environment = {"DISPLAY": number, "HOME": home, "XDG_RUNTIME_DIR": home}
        stack.enter_context(_process(driver, f"--port={port}", **environment))
        _wait_for(port)
        options = {"binary": str(_MINI_BROWSER), "args": ["--automation"]}
        session = HttpSession("webkit", port, {"webkitgtk:browserOptions": options})
        stack.callback(session.close)
        yield session


def free_port() -> int:
    """Return a port on which no process listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _installed(program: str, package: str) -> str:
    path = shutil.which(program)
    if path is None:
        raise WebDriverError(f"not installed: {package}")
    return path


@contextmanager
def _process(*arguments: str, **environment: str) -> Iterator[None]:
    process = subprocess.Popen(  # noqa: S603 — fixed programs and arguments
        arguments,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | environment,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def _display(program: str) -> Iterator[str]:
    """Start a virtual display and yield its name. It chooses a free number itself."""
    read, write = os.pipe()
    arguments = (
        program,
        "-displayfd",
        str(write),
        "-screen",
        "0",
        _DISPLAY_SIZE,
        "-nolisten",
        "tcp",
    )
    process = subprocess.Popen(  # noqa: S603 — fixed program and arguments
        arguments, pass_fds=(write,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    os.close(write)
    try:
        with os.fdopen(read) as stream:
            yield f":{stream.readline().strip()}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError as error:
            if time.monotonic() > until:
                raise WebDriverError(f"nothing listens on port {port}") from error
            time.sleep(0.1)
        else:
            return
