"""Addresses of indices in a cluster, and what logs may show of them."""

import pytest

from baocha.search.address import (
    Address,
    AddressError,
    Credentials,
    is_address,
    local_path,
    parse_address,
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
    ],
)
def test_an_invalid_address_is_refused_with_a_message(text: str) -> None:
    with pytest.raises(AddressError):
        parse_address(text)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(AddressError) as error:
        parse_address("opensearch://officer:secret@host/reports")
    assert "secret" not in error.value.message.zh + error.value.message.en


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
