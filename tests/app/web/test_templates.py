from markupsafe import escape

from baocha.web.templates import attribute, render_template
from baocha.web.texts import text
from baocha_indexer.messages import Language
from tests.app.web.pages import parse


def refused(language: Language) -> str:
    """Return the page that tells a website why it may not show a search."""
    return render_template(
        "refused.html",
        language,
        t=lambda key, **filled: text(language, key, **filled),
        html_lang=language,
        origin=None,
        search_page="/",
        url_for=lambda endpoint, **_: endpoint,
    )


def test_each_language_has_its_own_texts() -> None:
    for language in ("zh", "en", "zh"):
        assert text(language, "name") in refused(language)
        assert text("en" if language == "zh" else "zh", "name") not in refused(language)


def test_an_attribute_has_the_value_as_json_whatever_it_contains() -> None:
    value = {"b": "<i> & \"quoted\" 'text'", "a": "绩效"}
    html = f'<p data-value="{attribute(value)}">'
    (found,) = parse(html).iter("p")
    assert found.get("data-value") == (
        '{"a": "\\u7ee9\\u6548", "b": "\\u003ci\\u003e \\u0026 \\"quoted\\" \\u0027text\\u0027"}'
    )
    assert escape(found.get("data-value")) == attribute(value)
