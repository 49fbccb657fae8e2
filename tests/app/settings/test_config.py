import io
import json
import os
from fractions import Fraction
from pathlib import Path

import pytest

from baocha.search import Filters
from baocha.settings.config import (
    SETTINGS,
    Settings,
    describe_settings,
    exposed_secrets,
    load,
)
from baocha.settings.file import (
    CONFIG_VARIABLE,
    ConfigError,
    read_config_file,
)
from baocha.settings.tokens import Token, hash_secret
from baocha.settings.values import InvalidValueError, share
from tests.conftest import SECRET


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_setting_that_is_not_given_has_its_default() -> None:
    assert load({}, {}) == Settings(
        "baocha-index", "127.0.0.1", 8000, prefix="", offer_files=False, origins=(), tokens=()
    )


def test_the_command_line_overrides_the_environment_and_that_the_file(
    folder: Path,
) -> None:
    (folder / "baocha.toml").write_text('port = 1\nhost = "a"\nindex = "i"\n', "utf-8")
    environment = {"BAOCHA_PORT": "2", "BAOCHA_HOST": "b"}
    found = load({"port": "3"}, environment)
    assert (found.port, found.host, found.index) == (3, "b", "i")
    _, sources = describe_settings({"port": "3"}, environment)
    assert [sources[name] for name in ("port", "host", "index", "prefix")] == [
        "--port",
        "BAOCHA_HOST",
        "baocha.toml",
        "",
    ]


def test_a_variable_gives_the_path_of_the_file(folder: Path) -> None:
    (folder / "other.toml").write_text("offer-files = true\n", "utf-8")
    assert load({}, {"BAOCHA_CONFIG": "other.toml"}).offer_files
    with pytest.raises(ConfigError, match=r"nowhere\.toml"):
        load({}, {"BAOCHA_CONFIG": "nowhere.toml"})


def test_origins_and_tokens_are_read(folder: Path) -> None:
    text = f"""
origins = ["https://OA.example.gov.cn/", "http://[::1]:8080"]
[[tokens]]
token = "{SECRET}"
department = ["水务局"]
year = ["2022-2023"]
"""
    (folder / "baocha.toml").write_text(text, "utf-8")
    found = load({}, {})
    assert found.origins == ("https://oa.example.gov.cn", "http://[::1]:8080")
    assert found.tokens == (Token.of_secret(SECRET, Filters(("水务局",), ((2022, 2023),))),)
    origins = "http://a:80 https://b:443/ https://c:80"
    assert load({}, {"BAOCHA_ORIGINS": origins}).origins == (
        "http://a",
        "https://b",
        "https://c:80",
    )
    assert load({}, {"BAOCHA_ORIGINS": "http://a http://b:1"}).origins == ("http://a", "http://b:1")


@pytest.mark.parametrize(
    ("setting", "text"),
    [
        ("port", "port = 99999"),
        ("port", "port = true"),
        ("port", 'port = "x"'),
        ("host", "host = 1"),
        ("prefix", 'prefix = "no stroke"'),
        ("offer-files", 'offer-files = "maybe"'),
        ("origins", 'origins = ["*"]'),
        ("origins", 'origins = ["https://a.b/path"]'),
        ("origins", "origins = 1"),
        ("origins", 'origins = ["http://a:99999"]'),
        ("origins", 'origins = ["http://a..b"]'),
        ("tokens", '[[tokens]]\ntoken = "short"'),
        ("tokens", f'[[tokens]]\ntoken = "{SECRET}"\nyear = ["x"]'),
        ("tokens", f'[[tokens]]\ntoken = "{SECRET}"\nyear = []'),
        ("tokens", f'[[tokens]]\ntoken = "{SECRET}"\ndepartment = "水务局"'),
        ("tokens", f'[[tokens]]\ntoken = "{SECRET}"\ndepartment = [""]'),
        ("tokens", f'[[tokens]]\ntoken = "{SECRET} "'),
        ("tokens", '[[tokens]]\ntoken = "青湖区水务局只读令牌二〇二六年度甲"'),
        ("address", 'address = "search.example"'),
        ("hosts", 'hosts = ["search.example:80"]'),
        ("hosts", 'hosts = ["http://search.example"]'),
        ("trusted-proxy", "trusted-proxy = -1"),
        ("workers", "workers = 1000"),
        ("access-log", 'access-log = "xml"'),
        ("log-level", 'log-level = "loud"'),
        ("grace", "grace = 0.5"),
        ("tokens", f'[[tokens]]\ntoken = "{SECRET}"\nhash = "sha256:{"0" * 64}"'),
        ("tokens", '[[tokens]]\nhash = "sha256:abc"'),
        ("tokens", f'[[tokens]]\ntoken = "{SECRET}"\ndepartments = ["x"]'),
        ("nosuch", "nosuch = 1"),
        ("baocha.toml", "port = "),
    ],
)
def test_an_error_names_the_setting_that_has_an_invalid_value(
    folder: Path, setting: str, text: str
) -> None:
    (folder / "baocha.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigError, match=setting) as refused:
        load({}, {})
    assert SECRET not in refused.value.message.en


def test_config_prints_every_setting_and_no_secret(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from baocha.cli import run

    (folder / "baocha.toml").write_text(f'[[tokens]]\ntoken = "{SECRET}"\n', "utf-8")
    assert run(["config"]) == 0
    text = capsys.readouterr().out
    assert all(setting.name in text and setting.variable in text for setting in SETTINGS)
    assert run(["config", "--json"]) == 0
    shown = capsys.readouterr().out
    assert set(json.loads(shown)) == {setting.name for setting in SETTINGS}
    assert SECRET not in text + shown


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        (f'token = "{SECRET}"\ndepartement = ["x"]', "第 1 个令牌没有 departement"),
        (f'token = "{SECRET}"\n[[tokens]]\ntoken = "short"', "第 2 个令牌须为 16"),
        (f'token = "{SECRET}"\n[[tokens]]\ntoken = "{SECRET}"', "第 2 个令牌与前面的重复"),
        (f'token = "{SECRET}"\nyear = ["二零"]', "年度“二零”无效"),
    ],
)
def test_an_error_says_which_token_is_invalid_and_hides_its_secret(
    folder: Path, tables: str, why: str
) -> None:
    (folder / "baocha.toml").write_text(f"[[tokens]]\n{tables}\n", "utf-8")
    with pytest.raises(ConfigError) as raised:
        load({}, {})
    assert why in raised.value.message.zh
    assert SECRET not in raised.value.message.zh


def test_a_hash_can_replace_its_token(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from baocha.cli import run

    monkeypatch.setattr("sys.stdin", io.StringIO(f"{SECRET}\n"))
    assert run(["config", "--hash-token"]) == 0
    line = capsys.readouterr().out
    assert SECRET not in line
    (folder / "baocha.toml").write_text(f"[[tokens]]\n{line}", "utf-8")
    assert load({}, {}).tokens == (Token.of_secret(SECRET, Filters()),)


def test_a_token_that_is_too_short_is_not_hashed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from baocha.cli import run

    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run(["config", "--hash-token"]) == 2
    assert "sha256" not in capsys.readouterr().out


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such permissions")
@pytest.mark.parametrize(
    ("content", "is_secret"),
    [
        (f'[[tokens]]\ntoken = "{SECRET}"\n', True),
        (f'[[tokens]]\nhash = "{hash_secret(SECRET)}"\n', False),
        ('cluster-password = "p"\n', True),
        ('cluster-api-key = "k"\n', True),
        ('cluster-user = "u"\ncluster-password = ""\n', False),
    ],
)
def test_exposed_secrets_finds_tokens_and_passwords_that_other_users_can_read(
    folder: Path, content: str, *, is_secret: bool
) -> None:
    file = folder / "baocha.toml"
    assert exposed_secrets({}) is None
    file.write_text(content, "utf-8")
    for mode, others_read in ((0o600, False), (0o640, True), (0o604, True)):
        file.chmod(mode)
        assert (exposed_secrets({}) is not None) == (others_read and is_secret)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("部门 = 1\n".encode("gb18030"), "UTF-8"),
        (b"host = \n", "TOML"),
        (b"host = localhost\n", "TOML"),
    ],
)
def test_an_error_names_a_settings_file_that_cannot_be_read_and_the_cause(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "baocha.toml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=says) as error:
        read_config_file({CONFIG_VARIABLE: str(path)})
    assert str(path) in error.value.message.zh


def test_a_settings_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "baocha.toml"
    path.write_bytes(b'\xef\xbb\xbfhost = "::1"\n')
    assert read_config_file({CONFIG_VARIABLE: str(path)}) == (path, {"host": "::1"})


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1/3", Fraction(1, 3)),
        (" 0.5 ", Fraction(1, 2)),
        ("1", Fraction(1)),
        ("0.3333333333333333333333333333", Fraction(1, 3)),
    ],
)
def test_a_share_is_a_fraction_or_a_decimal(written: str, expected: Fraction) -> None:
    assert share(written) == expected


@pytest.mark.parametrize(
    "written",
    [
        "",
        "0",
        "2",
        "1/0",
        "3/2",
        "abc",
        "-1/3",
        "1e-3",
        "1e99999999",
        "1e-99999999",
        "0." + "0" * 39 + "1",
    ],
)
def test_another_share_is_refused_at_once(written: str) -> None:
    with pytest.raises(InvalidValueError):
        share(written)
