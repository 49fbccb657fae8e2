"""The access log has the path of a request, and its query only if the settings allow it."""

import json

import pytest

from baocha.server.logs import access_line
from baocha.settings.config import settings_of

ENVIRON = {
    "REQUEST_METHOD": "GET",
    "SCRIPT_NAME": "/baocha",
    "PATH_INFO": "/reports/a\nb \xe7\xbb\xa9",
    "QUERY_STRING": "q=%E7%BB%A9%E6%95%88\n",
    "REMOTE_ADDR": "10.1.2.3",
}


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_log_entry_is_one_line_without_the_query(form: str) -> None:
    line = access_line(ENVIRON, 200, 0.0123, settings_of({"access_log": form}))
    assert "\n" not in line
    assert "/baocha/reports/a%0Ab%20%E7%BB%A9" in line
    assert "q=" not in line
    if form == "json":
        values = json.loads(line)
        assert (values["status"], values["ms"], values["remote"]) == (200, 12.3, "10.1.2.3")


def test_a_log_entry_has_the_query_if_the_settings_allow_it() -> None:
    line = access_line(ENVIRON, 200, 0.0, settings_of({"access_log": "json", "log_queries": True}))
    assert json.loads(line)["path"].endswith("?q=%E7%BB%A9%E6%95%88%0A")
