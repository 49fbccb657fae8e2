"""Serve the pages from several worker processes over the same index."""

import os
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from baocha.mount import FOLDER_VARIABLE, is_loopback, listens_everywhere
from baocha.search import Engine, open_engine, unencrypted_login
from baocha.server.logs import configure_logging
from baocha.server.sockets import address_of, listen
from baocha.server.supervisor import Worker, supervise
from baocha.settings import Settings, exposed_secrets
from baocha_indexer.messages import Message


def serve(
    settings: Settings, announce: Callable[[str], None], warn: Callable[[Message], None]
) -> None:
    """Serve until interrupted. Call `announce` with the address when requests are answered.

    `warn` is called with a warning for each setting that works but is probably a mistake.

    Raises IndexUnusableError if the index cannot be opened, ServerError if the address cannot be
    bound or a worker cannot start.
    """
    configure_logging(settings)
    # Read every byte of the index once, before the workers start: this finds damage now, and no
    # request has to wait for the disk.
    engine = open_engine(settings.index, settings.credentials)
    engine.check()
    with ExitStack() as stack:
        listeners = listen(settings.host, settings.port, settings.worker_count())
        for listener in listeners:
            stack.enter_context(listener)
        for message in warnings_of(settings, engine):
            warn(message)
        del engine  # the workers open the index themselves
        if settings.metrics:
            stack.enter_context(_folder_of_metrics())
        workers = [Worker(number, one, settings) for number, one in enumerate(listeners, 1)]
        address = address_of(listeners[0]) + settings.prefix + "/"
        supervise(workers, settings, lambda: announce(address))


def warnings_of(settings: Settings, engine: Engine) -> Iterator[Message]:
    """Yield a warning for each setting that works but is probably a mistake."""
    for number, token in enumerate(settings.tokens, 1):
        if not engine.restricted_to(token.scope).status().reports:
            yield Message(
                zh=f"第 {number} 个令牌看不到任何报告：范围中的名称须填写全称，"
                "与 baocha status --json 所列一致",
                en=f"token number {number} sees no report: names in a scope must be full names, "
                "as `baocha status --json` lists them",
            )
    if exposed := exposed_secrets():
        yield Message(
            zh=f"{exposed} 中存有令牌或密码，且其他用户可以读取：请执行 chmod 600；"
            "令牌也可用 baocha config --hash-token 改存散列值",
            en=f"{exposed} contains tokens or passwords and other users can read it: run chmod 600 "
            "on it; tokens can also be stored as hashes, see `baocha config --hash-token`",
        )
    if warning := unencrypted_login(settings.index, settings.credentials):
        yield warning
    if is_loopback(settings.host):
        return
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        yield Message(
            zh=f"当前以 root 身份运行，且其他计算机可访问（{settings.host}）；请改用普通用户运行",
            en=f"running as root, and other machines can reach the server ({settings.host}); "
            "run it as an ordinary user",
        )
    if listens_everywhere(settings.host) and not (settings.hosts or settings.address):
        yield Message(
            zh="正在监听全部地址，但未设置 hosts 或 address：仅接受以 IP 地址、localhost 或本机名"
            f"（{socket.gethostname()}）访问；如需以其他名称访问，请在设置 hosts 中添加",
            en="listening on all addresses without the setting `hosts` or `address`: answering "
            f"only for IP addresses, localhost and this machine's name ({socket.gethostname()}); "
            "add other names to `hosts`",
        )


@contextmanager
def _folder_of_metrics() -> Iterator[None]:
    """Provide a folder for the metrics of the workers."""
    with tempfile.TemporaryDirectory(prefix="baocha-metrics-") as folder:
        os.environ[FOLDER_VARIABLE] = folder
        try:
            yield
        finally:
            del os.environ[FOLDER_VARIABLE]
