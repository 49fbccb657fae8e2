"""Settings: one table of names, environment variables, defaults and help texts.

A value on the command line has priority over the environment, the environment over
`baocha.toml` in the current folder (or the file given by BAOCHA_CONFIG), and the file over the
default.
"""

import os
import stat
import sys
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from fractions import Fraction
from pathlib import Path
from typing import Any

from baocha.search import ADDRESS_FORMS, Credentials
from baocha.settings import values
from baocha.settings.file import ConfigError, read_config_file
from baocha.settings.tokens import Token, read_tokens
from baocha_indexer.checks import LEAST_EXECUTION
from baocha_indexer.copies import TEMPLATE_SHARE
from baocha_indexer.memory import DEFAULT_MEGABYTES, MAX_MEGABYTES, MIN_MEGABYTES
from baocha_indexer.messages import Message

LEVELS = ("debug", "info", "warning", "error")
ACCESS_LOGS = ("off", "text", "json")
MAX_WORKERS = 64
_DEFAULT_WORKERS = 8
"""Maximum number of workers if the setting `workers` is 0. Each uses its own memory."""


def _setting(
    default: Any, read: Callable[[Any], Any], *, zh: str, en: str, is_secret: bool = False
) -> Any:
    """Return a field of `Settings`. `read` converts a raw value, or raises ValueError.

    The value of a secret is never shown.
    """
    metadata = {"read": read, "help": Message(zh=zh, en=en), "is_secret": is_secret}
    return field(default=default, metadata=metadata, repr=not is_secret)


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Pages of `origins` may embed the search; `prefix` begins every path.

    `hosts` are allowed in addition to the names in `baocha.mount.hosts`. `grace` is in seconds. If
    `workers` is 0, `worker_count` chooses.
    """

    index: str = _setting(
        "baocha-index",
        values.text,
        zh=f"索引文件夹，或集群中的索引 {ADDRESS_FORMS[0]}",
        en=f"index folder, or an index in a cluster: {ADDRESS_FORMS[1]}",
    )
    host: str = _setting(
        "127.0.0.1",
        values.text,
        zh="监听地址；默认仅本机",
        en="address to listen on; by default only this machine",
    )
    port: int = _setting(
        8000,
        values.number(0, 65535),
        zh="端口；0 表示自动选择",
        en="port; 0 chooses a free one",
    )
    workers: int = _setting(
        0,
        values.number(0, MAX_WORKERS),
        zh=f"工作进程数；0 表示与处理器核数相同，至多 {_DEFAULT_WORKERS} 个",
        en=f"number of worker processes; 0: one for each core, at most {_DEFAULT_WORKERS}",
    )
    prefix: str = _setting(
        "",
        values.prefix,
        zh="反向代理下的路径前缀，如 /baocha",
        en="prefix of every path behind a reverse proxy, for example /baocha",
    )
    offer_files: bool = _setting(
        default=False,
        read=values.yes_or_no,
        zh="允许读者下载报告的原文件并查看原页",
        en="let readers download the original files of reports and see images of their pages",
    )
    address: str = _setting(
        "",
        values.address,
        zh="对外访问地址，如 https://search.example；用于反向代理",
        en="public address of this server behind a proxy, for example https://search.example",
    )
    hosts: tuple[str, ...] = _setting(
        (),
        values.hosts,
        zh="另外接受的主机名（请求头 Host），以空格分隔；* 表示全部。"
        "localhost、--host 和 --address 中的主机名始终接受",
        en="additional host names to accept (header Host), separated by spaces; * for all. "
        "Always accepted: localhost, the name in --host and the name in --address",
    )
    trusted_proxy: int = _setting(
        0,
        values.number(0, 10),
        zh="服务前面的反向代理层数；采用其 X-Forwarded-For、-Proto、-Host、-Prefix 请求头，0 表示不采用",
        en="number of reverse proxies in front of the server whose headers X-Forwarded-For, "
        "-Proto, -Host and -Prefix are trusted; 0 trusts none",
    )
    user_header: str = _setting(
        "",
        values.header,
        zh="反向代理传来用户名的请求头，如 X-Remote-User；设置后服务器为每位用户保存底稿夹。"
        "须同时设置 trusted-proxy，并由代理删除客户端自带的同名请求头",
        en="header in which the proxy sends the name of the user, such as X-Remote-User; the "
        "server then keeps the baskets of each user. It needs trusted-proxy, and the proxy must "
        "remove this header from what clients send",
    )
    origins: tuple[str, ...] = _setting(
        (),
        values.origins,
        zh="允许嵌入的网站，如 https://oa.example.gov.cn，以空格分隔；默认没有",
        en="origins whose pages may embed the search, such as https://oa.example.gov.cn, "
        "separated by spaces; none by default",
    )
    tokens: tuple[Token, ...] = _setting(
        (),
        read_tokens,
        zh="数据接口（API）的读取令牌及其范围（部门、年度、报告类型）；设置令牌后，请求必须携带令牌",
        en="read tokens of the API and the scope of each (department, year, kind); "
        "if there are any, API requests need one",
        is_secret=True,
    )
    grace: int = _setting(
        30,
        values.number(0, 3600),
        zh="停止服务时等待正在处理的请求的最长秒数；超时的导出将中断，用户下载的文件不完整",
        en="seconds to wait for running requests when the server stops; an export that takes "
        "longer is aborted, and the file that the user downloads is incomplete",
    )
    access_log: str = _setting(
        "off",
        values.choice(ACCESS_LOGS),
        zh="访问日志，写入标准错误输出：off 不写，text 文本，json 每行一个 JSON",
        en="access log on stderr: off, text, or json (one object on each line)",
    )
    log_queries: bool = _setting(
        default=False,
        read=values.yes_or_no,
        zh="在访问日志中记录检索内容；默认不记录",
        en="write the text of queries to the access log; off by default",
    )
    log_level: str = _setting(
        "warning",
        values.choice(LEVELS),
        zh="日志级别：debug、info、warning、error",
        en="log level: debug, info, warning or error",
    )
    metrics: bool = _setting(
        default=False,
        read=values.yes_or_no,
        zh="在 /metrics 提供 Prometheus 指标",
        en="provide metrics for Prometheus at /metrics",
    )

    title: str = _setting(
        "",
        values.short_text,
        zh="资料库名称，显示在页面上方，如 某市部门绩效报告",
        en="name of the collection, shown at the top of the pages",
    )

    cluster_user: str = _setting(
        "",
        values.any_text,
        zh="登录集群的用户名；索引在集群中时使用",
        en="user to log in to the cluster, if the index is in one",
    )
    cluster_password: str = _setting(
        "",
        values.any_text,
        zh="登录集群的密码",
        en="password to log in to the cluster",
        is_secret=True,
    )
    cluster_api_key: str = _setting(
        "",
        values.any_text,
        zh="登录集群的 API 密钥，代替用户名和密码",
        en="API key to log in to the cluster, instead of a user and password",
        is_secret=True,
    )
    cluster_ca_file: str = _setting(
        "",
        values.any_text,
        zh="集群的 CA 证书文件（PEM）；默认使用系统的 CA 证书",
        en="file with the CA certificates (PEM) of the cluster; "
        "by default those of the system are used",
    )

    memory: int = _setting(
        DEFAULT_MEGABYTES,
        values.number(MIN_MEGABYTES, MAX_MEGABYTES),
        zh=f"写入索引的进程的内存上限（约，单位 MB），不低于 {MIN_MEGABYTES}；读取文件的进程不计在内",
        en="approximate memory limit, in MB, of the process that writes the index; at least "
        f"{MIN_MEGABYTES}; processes that read files are not counted",
    )
    least_execution: int = _setting(
        LEAST_EXECUTION,
        values.number(0, 100),
        zh="预算执行率低于此百分数而得满分的，列为核对发现；按当地规定填写，索引时采用",
        en="a full score for an execution rate below this percentage is a finding; regions have different "
        "rules; used when reports are indexed",
    )
    template_share: Fraction = _setting(  # noqa: RUF009 - a Fraction cannot be changed
        TEMPLATE_SHARE,
        values.share,
        zh="超过这一比例的同类报告都有的文字视为模板，不计为雷同；如 1/3 或 0.5，索引时采用",
        en="text in a larger share of the reports of one kind is template text and no copy; such as 1/3 or "
        "0.5; used when reports are indexed",
    )
    rules_off: tuple[str, ...] = _setting(
        (),
        values.names,
        zh="停用的核对事项的代号，以空格分隔，如 target-too-low grade",
        en="ids of rules that are switched off, separated by spaces, such as target-too-low grade",
    )
    server: str = _setting(
        "",
        values.server,
        zh="报查服务的地址，如 https://search.example/baocha；设置后，baocha search 向该服务查询，不打开索引",
        en="address of a running baocha server, for example https://search.example/baocha; `baocha search` "
        "sends the query there and does not open an index",
    )
    token: str = _setting(
        "",
        values.any_text,
        zh="baocha search 发给该服务的令牌",
        en="token that `baocha search` sends to that server",
        is_secret=True,
    )

    @property
    def credentials(self) -> Credentials:
        """How to log in to the cluster that has the index."""
        return Credentials(
            self.cluster_user, self.cluster_password, self.cluster_api_key, self.cluster_ca_file
        )

    def worker_count(self) -> int:
        """Return the number of worker processes; by default one for each core."""
        if sys.platform == "win32":  # sockets cannot be shared between processes there
            return 1
        return self.workers or min(_cores(), _DEFAULT_WORKERS)


def _cores() -> int:
    """Return the number of cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting: its name, its environment variable (empty for none), and how to read it.

    The value of a secret is never shown.
    """

    name: str
    variable: str
    default: Any
    read: Callable[[Any], Any]
    help: Message
    is_secret: bool


def _as_setting(of: Field[Any]) -> Setting:
    name = of.name.replace("_", "-")
    variable = "" if name == "tokens" else f"BAOCHA_{of.name.upper()}"
    about = of.metadata
    return Setting(name, variable, of.default, about["read"], about["help"], about["is_secret"])


SETTINGS = tuple(map(_as_setting, fields(Settings)))
"""In the order in which `baocha config` prints them."""


def settings_of(raw_values: Mapping[str, Any]) -> Settings:
    """Return settings from raw values, by field name.

    Raises TypeError for an unknown setting, ConfigError for an invalid value.
    """
    by_field = {setting.name.replace("-", "_"): setting for setting in SETTINGS}
    unknown = sorted(set(raw_values) - set(by_field))
    if unknown:
        raise TypeError(f"no such setting: {', '.join(unknown)}")
    found = {name: _read(by_field[name], raw, name) for name, raw in raw_values.items()}
    return _consistent(Settings(**found))


def _consistent(settings: Settings) -> Settings:
    """Return the settings. Raises ConfigError if one of them needs another."""
    if settings.user_header and not settings.trusted_proxy:
        raise ConfigError(
            zh="设置 user-header 须同时设置 trusted-proxy：没有受信任的代理时，任何人都能冒充用户",
            en="setting user-header needs trusted-proxy: without a trusted proxy, "
            "anyone could send the name of any user",
        )
    return settings


def load(given: Mapping[str, Any], environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings. `given` has the values of the command line, None if not given.

    Raises ConfigError if a value is invalid or the file cannot be read.
    """
    values, _ = describe_settings(given, environment)
    return _consistent(
        Settings(**{name.replace("-", "_"): value for name, value in values.items()})
    )


def describe_settings(
    given: Mapping[str, Any], environment: Mapping[str, str] = os.environ
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the value and the source of each setting.

    The source is an option, a variable or the path of the file; it is empty for a default. Raises
    ConfigError like `load`.
    """
    path, in_file = _from_file(environment)
    values, sources = {}, {}
    for setting in SETTINGS:
        raw, source = setting.default, ""
        if given.get(setting.name) is not None:
            raw, source = given[setting.name], f"--{setting.name}"
        elif setting.variable and environment.get(setting.variable):
            raw, source = environment[setting.variable], setting.variable
        elif setting.name in in_file:
            raw, source = in_file[setting.name], str(path)
        values[setting.name] = _read(setting, raw, source)
        sources[setting.name] = source
    return values, sources


def _read(setting: Setting, raw: Any, source: str) -> Any:
    try:
        return setting.read(raw) if source else raw
    except (ValueError, TypeError, AttributeError) as error:
        shown = "" if setting.is_secret else f"“{raw}”"
        why = error.message if isinstance(error, values.InvalidValueError) else setting.help
        raise ConfigError(
            zh=f"设置 {setting.name} 的值{shown}无效（{source}）：{why.zh}",
            en=f"setting {setting.name}: invalid value{shown and f' {shown}'} ({source}): {why.en}",
        ) from error


def _from_file(environment: Mapping[str, str]) -> tuple[Path, dict[str, Any]]:
    path, found = read_config_file(environment)
    unknown = sorted(set(found) - {setting.name for setting in SETTINGS})
    if unknown:
        raise ConfigError(
            zh=f"{path} 中有不存在的设置：{'、'.join(unknown)}；baocha config 列出全部",
            en=f"{path} has settings that do not exist: {', '.join(unknown)}; "
            "baocha config lists all",
        )
    return path, found


def exposed_secrets(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Return the settings file if other users can read it and it has a secret, else None.

    A hash of a token is not a secret. Always None on Windows, which has no such permissions.
    """
    path, found = read_config_file(environment)
    secret = any(found.get(one.name) for one in SETTINGS if one.is_secret and one.name != "tokens")
    secret = secret or any("token" in item for item in found.get("tokens", ()))
    if os.name != "posix" or not secret:
        return None
    return path if path.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH) else None
