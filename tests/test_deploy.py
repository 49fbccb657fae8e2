"""The deployment files agree with the program and with each other, and stay hardened."""

import re
from pathlib import Path

import click
import pytest

from baocha.cli.commands.group import COMMANDS, cli
from baocha.middleware import MAX_BASKET_BYTES
from baocha.settings.config import SETTINGS
from baocha.settings.file import CONFIG_VARIABLE
from tests.test_docs import READMES, ROOT, code_blocks, read

UNITS = ("deploy/systemd/baocha.service", "deploy/systemd/baocha-index.service")
GUIDES = ("docs/deployment.md", "docs/deployment.zh-CN.md")
FILES = (
    *sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "deploy").rglob("*.*")),
    "deploy/Containerfile",
)
COMPOSE = read("deploy/compose.yaml")
CLUSTER = read("deploy/compose.opensearch.yaml")


def services(compose: str) -> dict[str, str]:
    listed = compose.partition("\nservices:\n")[2]
    return dict(re.findall(r"^  ([a-z0-9]+):\n((?: {4}.*\n|\n)+)", listed, re.MULTILINE))


def shared(compose: str, name: str) -> str:
    return compose.partition(f"x-{name}: &{name}\n")[2].partition("\n\n")[0]


SERVICES = services(COMPOSE)


def variables(text: str) -> set[str]:
    return set(re.findall(r"\bBAOCHA_[A-Z_]+", text))


@pytest.mark.parametrize("name", [*FILES, *GUIDES])
def test_every_environment_variable_exists(name: str) -> None:
    known = {setting.variable for setting in SETTINGS} | {CONFIG_VARIABLE}
    assert variables(read(name)) <= known


@pytest.mark.parametrize("name", [*FILES, *GUIDES])
def test_every_command_and_option_exists(name: str) -> None:
    text = re.sub(r'[\[\],"`]', " ", read(name))
    for command, rest in re.findall(r"(?<!-u )\bbaocha +([a-z]+) (.*)", text):
        options = re.findall(r"(?:^| )(--[a-z-]+)", rest)
        if command not in COMMANDS:
            assert not options, (command, options)
            continue
        found = cli.get_command(click.Context(cli), command)
        assert found is not None
        known = {opt for p in found.params if isinstance(p, click.Option) for opt in p.opts}
        assert set(options) <= known, (command, options)


def test_the_deployment_files_contain_commands() -> None:
    # Otherwise the test above would check nothing.
    for name in (*UNITS, "deploy/compose.yaml", "deploy/Containerfile", "deploy/backup.sh"):
        assert re.search(r"\bbaocha\"?,? +\"?(serve|index|verify)", read(name)), name


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_in_the_guide_exists(guide: str) -> None:
    tables = re.findall(r"```toml\n(.*?)```", read(guide), re.DOTALL)
    found = re.findall(r"^([a-z-]+) *=", "".join(tables), re.MULTILINE)
    assert found
    assert set(found) <= {setting.name for setting in SETTINGS}


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_hardened(unit: str) -> None:
    lines = read(unit).splitlines()
    for line in (
        "User=baocha",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "ProtectKernelModules=yes",
        "ProtectKernelTunables=yes",
        "ProtectControlGroups=yes",
        "RestrictNamespaces=yes",
        "RestrictSUIDSGID=yes",
        "LockPersonality=yes",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
    ):
        assert line in lines, line
    assert any(line.startswith("MemoryMax=") for line in lines)
    assert any(line.startswith("RestrictAddressFamilies=") for line in lines)


def test_the_indexer_has_no_network_and_the_server_cannot_write() -> None:
    server, indexer = map(read, UNITS)
    assert "\nPrivateNetwork=yes\n" in indexer
    assert "network_mode: none" in SERVICES["indexer"]
    assert "ReadWritePaths" not in server
    assert "StateDirectory" not in server
    assert "- index:/var/lib/baocha:ro\n" in SERVICES["baocha"]


def test_the_units_use_the_same_index() -> None:
    found = [re.findall(r"BAOCHA_INDEX=(\S+)", read(unit)) for unit in UNITS]
    assert found[0] == found[1] == ["/var/lib/baocha/index"]
    for unit in UNITS:
        assert re.search(r"^ExecStart=/opt/baocha/bin/baocha ", read(unit), re.MULTILINE)


def test_every_container_is_hardened() -> None:
    hardened = shared(COMPOSE, "hardened")
    assert "read_only: true" in hardened
    assert "cap_drop: [ALL]" in hardened
    assert 'security_opt: ["no-new-privileges:true"]' in hardened
    common = shared(COMPOSE, "baocha")
    assert "<<: *hardened" in common
    assert set(SERVICES) == {"baocha", "indexer", "proxy"}
    for name, service in SERVICES.items():
        text = service.replace("<<: *baocha", common)
        assert "<<: *hardened" in text, name
        assert re.search(r'user: "[1-9]\d*:[1-9]\d*"', text), name
        for weaker in ("privileged", "cap_add", "read_only: false", "network_mode: host"):
            assert weaker not in text, name
    assert re.search(r"^USER [1-9]\d*:[1-9]\d*$", read("deploy/Containerfile"), re.MULTILINE)


def test_ports_users_and_paths_agree() -> None:
    image, proxy = read("deploy/Containerfile"), read("deploy/nginx.conf")
    (port,) = re.findall(r"BAOCHA_PORT=(\d+)", image)
    assert f"EXPOSE {port}\n" in image
    assert f"127.0.0.1:{port}/healthz" in image
    assert f"server baocha:{port};" in proxy
    published = re.search(r'ports: \["443:(\d+)", "80:(\d+)"\]', SERVICES["proxy"])
    assert published is not None
    assert f"listen {published[1]} ssl;" in proxy
    assert f"listen {published[2]};" in proxy
    for path in re.findall(r"/etc/baocha/(?:tls|passwords)", proxy):
        assert f":{path}:ro" in SERVICES["proxy"]
    (user,) = re.findall(r"^USER (\S+)$", image, re.MULTILINE)
    assert f'user: "{user}"' in COMPOSE
    (volume,) = re.findall(r"^VOLUME (\S+)$", image, re.MULTILINE)
    assert re.search(rf"BAOCHA_INDEX={volume}/\w", image)
    assert f"index:{volume}\n" in SERVICES["indexer"]


def test_the_files_of_the_image_exist_and_are_not_ignored() -> None:
    ignored = read("deploy/Containerfile.dockerignore").splitlines()
    copied = re.findall(r"^COPY (?!--)(.*) \S+$", read("deploy/Containerfile"), re.MULTILINE)
    names = [name.removeprefix("./") for line in copied for name in line.split()]
    assert len(names) > len(copied)
    for name in names:
        assert (ROOT / name).exists(), name
        assert f"!{name}" in ignored, name


def test_the_proxy_lets_every_body_pass_that_the_server_accepts() -> None:
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", read("deploy/nginx.conf"))
    assert int(megabytes) * 2**20 > MAX_BASKET_BYTES


def test_the_proxy_sets_every_header_that_the_server_trusts() -> None:
    text = read("deploy/nginx.conf").replace("#", " ")
    # The location /api/ is commented out. It is for servers with tokens.
    for location in re.findall(r"server \{.*?location / |location /api/ \{.*?\}", text, re.DOTALL):
        if "ssl_certificate" not in location and "/api/" not in location:
            continue
        for header in ("For", "Host", "Proto", "Prefix"):
            assert f"proxy_set_header X-Forwarded-{header} " in location, header
        assert "proxy_set_header Authorization " in location


def test_the_guides_have_the_same_commands_and_name_files_that_exist() -> None:
    english, chinese = map(read, GUIDES)
    fences = r"```\w*\n(.*?)```"
    assert re.findall(fences, english, re.DOTALL) == re.findall(fences, chinese, re.DOTALL)
    assert english.count("\n## ") == chinese.count("\n## ")
    for guide in (english, chinese):
        for name in re.findall(r"\bdeploy/\w[\w./-]*\w", guide):
            assert (ROOT / name).exists(), name
        for variable in re.findall(r"\$\{(\w+):\?", COMPOSE):
            assert f"`{variable}`" in guide or f"{variable}=" in guide, variable
    assert code_blocks(english)


def test_the_files_in_the_security_page_exist() -> None:
    text = read("SECURITY.md")
    for name in re.findall(r"`((?:app|indexer|deploy|docs)/[\w./-]*)`", text):
        assert (ROOT / name).exists(), name


@pytest.mark.parametrize(("readme", "guide"), list(zip(READMES, GUIDES, strict=True)))
def test_each_readme_links_to_the_guide_of_its_language(readme: str, guide: str) -> None:
    assert f"]({guide})" in read(readme)


def test_the_backup_script_is_executable() -> None:
    assert Path(ROOT, "deploy/backup.sh").stat().st_mode & 0o111


def test_every_container_of_the_cluster_is_hardened() -> None:
    hardened = shared(CLUSTER, "hardened")
    assert "cap_drop: [ALL]" in hardened
    assert 'security_opt: ["no-new-privileges:true"]' in hardened
    assert "read_only: true" in shared(CLUSTER, "baocha")
    for name in ("baocha", "node"):
        assert "<<: *hardened" in shared(CLUSTER, name)
    found = services(CLUSTER)
    assert set(found) == {"node1", "node2", "node3", "baocha", "indexer", "proxy"}
    for name, text in found.items():
        kind = "extends: {file: compose.yaml, service: proxy}"
        if name != "proxy":
            kind = f"<<: *{'node' if name.startswith('node') else 'baocha'}"
        assert kind in text
        assert "ports:" not in text


def test_the_cluster_uses_tls_and_each_service_its_own_user() -> None:
    assert 'plugins.security.ssl.http.enabled: "true"' in CLUSTER
    assert "BAOCHA_INDEX: opensearchs://" in CLUSTER
    found = services(CLUSTER)
    for service, user in (("baocha", "reader"), ("indexer", "writer")):
        assert f"BAOCHA_CLUSTER_USER: {user}\n" in found[service]
        assert f"{user.upper()}_PASSWORD:?" in found[service]
    hosts = re.findall(r"(node\d):9200", CLUSTER)
    assert set(hosts) == {"node1", "node2", "node3"}
    assert set(hosts) <= set(read("deploy/opensearch/prepare.sh").split())
