from flask.testing import FlaskClient
from lxml import etree

from tests.app.web.pages import page, parse, total

ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_feed_has_the_hits_of_the_newest_reports_first(client: FlaskClient) -> None:
    response = client.get("/feed.atom?q=提质增效")
    assert response.content_type == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(response.get_data())
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 15
    updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert updated == sorted(updated, reverse=True)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == 15
    assert all("提质增效" in entry.findtext(f"{ATOM}summary") for entry in entries)
    assert "没有检索词" in page(client, "/feed.atom", 400)


def test_a_feed_leaves_out_characters_that_xml_forbids(client: FlaskClient) -> None:
    response = client.get("/feed.atom?q=绩效%01%EF%BF%BE")
    assert etree.fromstring(response.get_data()).tag == f"{ATOM}feed"


def test_a_browser_can_add_the_search_engine(client: FlaskClient) -> None:
    (address,) = parse(page(client, "/")).xpath("//link[@rel='search']/@href")
    description = etree.fromstring(client.get(address).get_data())
    (url,) = description.findall("{*}Url")
    template = url.get("template").replace("http://localhost", "")
    assert total(page(client, template.replace("{searchTerms}", "提质增效"))) == 15
