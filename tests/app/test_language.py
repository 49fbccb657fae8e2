import pytest

from baocha.language import language_of
from baocha.web.texts import TEXTS
from baocha_indexer.messages import Message


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "zh"),
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh"),
        ({"LANG": "zh_CN.UTF-8", "BAOCHA_LANG": "en"}, "en"),
        ({"LANG": "en_US.UTF-8", "BAOCHA_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_is_chinese_unless_the_environment_says_english(
    environment: dict[str, str], language: str
) -> None:
    assert language_of(environment) == language


def test_every_text_of_the_pages_has_the_same_fields_in_both_languages() -> None:
    def fields(text: str) -> set[str]:
        return {part.split("}")[0] for part in text.split("{")[1:]}

    for key, message in TEXTS.items():
        assert fields(message.zh) == fields(message.en), key


def test_a_message_with_any_file_name_is_one_line() -> None:
    message = Message(zh="坏文件 a\nb\x1b[31m.txt", en="bad file")
    assert "\n" not in message.render("zh")
    assert "\x1b" not in message.render("zh")
