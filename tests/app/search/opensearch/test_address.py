"""Addresses of indices in a cluster, and what logs may show of them."""

import pytest

from baocha.search.address import (
    Address,
    AddressError,
    Credentials,
    is_address,
    local_path,
    parse_address,
    unencrypted_login,
)


def test_an_address_has_hosts_an_index_and_whether_it_is_encrypted() -> None:
    found = parse_address("opensearchs://a.example:9201,10.0.0.2,[::1]:9203/reports")
    hosts = (("a.example", 9201), ("10.0.0.2", 9200), ("[::1]", 9203))
    assert found == Address(hosts, "reports", is_encrypted=True)
    assert parse_address(str(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        "opensearch:///reports",
        "opensearch://host",
        "opensearch://host/",
        "opensearch://host:0/reports",
        "opensearch://host:99999/reports",
        "opensearch://host,,other/reports",
        "opensearch://ho st/reports",
        "opensearch://host/Reports",
        "opensearch://host/reports*",
        "opensearch://host/a,b",
        "opensearch://host/a/b",
        "opensearch://host/_all",
        "opensearch://host/-x",
        "opensearch://host/reports?x=1",
        "opensearch://host/" + "a" * 101,
        "opensearch://[::1/reports",
        "opensearch://[abc]/x",
        "opensearch://ａ℀b/x",
        " opensearch://host/reports",
        "http://host:9200/reports",
        "elasticsearch://host/reports",
        "opensearch:/host/reports",
        "opensearch//host/reports",
        "127.0.0.1:9200/reports",
        "opensearch://host/reports-baocha-2",
    ],
)
def test_an_invalid_address_is_refused_with_a_message(text: str) -> None:
    assert is_address(text)
    with pytest.raises(AddressError):
        parse_address(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("opensearch://host:9200", "no index name: opensearch://host:9200/NAME"),
        ("opensearch://host/reports-baocha-2", "use “reports”"),
        ("http://host:9200/reports", "opensearch://HOST:9200/NAME"),
    ],
)
def test_the_message_about_an_address_says_how_to_write_it(text: str, says: str) -> None:
    with pytest.raises(AddressError, match=says):
        parse_address(text)


@pytest.mark.parametrize(
    ("index", "warns"),
    [
        ("opensearch://search.example/reports", True),
        ("opensearch://localhost,search.example/reports", True),
        ("opensearch://127.0.0.1:9200/reports", False),
        ("opensearchs://search.example/reports", False),
        ("baocha-index", False),
    ],
)
def test_a_password_that_is_sent_without_tls_is_warned_about(index: str, *, warns: bool) -> None:
    assert (unencrypted_login(index, Credentials("officer", "secret")) is not None) == warns
    assert unencrypted_login(index, Credentials()) is None


@pytest.mark.parametrize(
    "text",
    [
        "opensearch://officer:secret@host/reports",
        "opensearch://officer:12/secret@host/reports",
        "opensearch://officer:secret/12@host/reports",
        "opensearch://officer:p#secret@host/reports",
        "https://officer:secret@host/reports",
        " opensearch://officer:secret@host/reports",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(AddressError) as error:
        parse_address(text)
    assert "secret" not in error.value.message.zh + error.value.message.en
    assert "officer" not in error.value.message.zh + error.value.message.en


def test_secrets_are_not_in_the_representation_of_credentials() -> None:
    given = {"BAOCHA_CLUSTER_PASSWORD": "secret", "BAOCHA_CLUSTER_API_KEY": "key"}
    found = Credentials.from_environment(given)
    assert (found.password, found.api_key) == ("secret", "key")
    assert "secret" not in repr(found)
    assert "key=" not in repr(found)


@pytest.mark.parametrize("text", ["baocha-index", "/srv/opensearch", "opensearch", "C:\\x"])
def test_a_folder_is_no_address(text: str) -> None:
    assert not is_address(text)
    assert str(local_path(text)) == text


def test_local_files_of_a_cluster_are_in_the_current_folder() -> None:
    assert str(local_path("opensearch://host/reports")) == "baocha-reports"
