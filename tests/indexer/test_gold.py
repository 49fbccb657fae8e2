"""Read a gold file, and refuse one with a mistake."""

import json
from pathlib import Path

import pytest

from baocha_indexer.errors import GoldFileError
from baocha_indexer.gold import read_gold

CELL = '{"paragraphs": [{"text": "甲", "cells": [%s]}]}'


@pytest.mark.parametrize(
    ("gold", "zh", "en"),
    [
        ("", "须为 JSON（第 1 行第 1 列有误）", "it must be JSON (error in line 1, column 1)"),
        ('{"year": 2022,\n}', "（第 2 行第 1 列有误）", "(error in line 2, column 1)"),
        ("[]", "须为 JSON，格式与", "it must be JSON in the form of"),
        ("[" * 100_000, "须为 JSON，格式与", "it must be JSON in the form of"),
        ('{"year": 2022, "year": 2021}', "year 出现两次", "year occurs twice"),
        ('{"yaer": 2022}', "yaer 不是已知的名称；应为 title、department", "yaer must be one of title"),
        ('{"year": NaN}', "year 应为整数或 null，而不是 NaN", "year must be an integer or null, not NaN"),
        ('{"year": true}', "year 应为整数或 null，而不是 true", "not true"),
        ('{"title": null}', "title 应为文字，而不是 null", "title must be a text, not null"),
        ('{"years": "2022"}', "years 应为列表 […]，而不是 文字", "years must be a list […], not a text"),
        ('{"years": [2021, "2022"]}', "years 第 2 项 应为整数", "years, item 2 must be an integer"),
        ('{"paragraphs": {}}', "paragraphs 应为列表", "paragraphs must be a list"),
        ('{"paragraphs": [{}]}', "paragraphs 第 1 项 缺少 text", "paragraphs, item 1 has no text"),
        (
            '{"paragraphs": [{"text": "甲", "confidence": Infinity}]}',
            "paragraphs 第 1 项 confidence 应为数或 null，而不是 Infinity",
            "paragraphs, item 1, confidence must be a number or null, not Infinity",
        ),
        (
            CELL % '{"text": 1e999}',
            "paragraphs 第 1 项 cells 第 1 项 text 应为文字，而不是 Infinity",
            "paragraphs, item 1, cells, item 1, text must be a text, not Infinity",
        ),
        (
            CELL % '{"text": "1", "colour": 1}',
            "colour 不是已知的名称；应为 head、text、unit",
            "cells, item 1, colour must be one of head, text, unit",
        ),
        ('{"account": {"dropped": {"mark": "1"}}}', "account dropped mark 应为整数", "an integer"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_with_its_place(tmp_path: Path, gold: str, zh: str, en: str) -> None:
    path = tmp_path / "gold.json"
    path.write_text(gold, "utf-8")
    with pytest.raises(GoldFileError) as error:
        read_gold(path)
    message = error.value.message
    assert message.zh.startswith(f"{path} 不是标准答案文件：")
    assert zh in message.zh
    assert en in message.en


def test_a_gold_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.json"
    path.write_text('{"title": "节水"}', "gb18030")
    with pytest.raises(GoldFileError):
        read_gold(path)


def test_a_part_of_a_parse_is_read(tmp_path: Path) -> None:
    gold = {"year": None, "paragraphs": [{"text": "甲", "confidence": 1, "place": {"sheet": "表"}}]}
    (tmp_path / "gold.json").write_text("\ufeff" + json.dumps(gold), "utf-8")
    assert read_gold(tmp_path / "gold.json") == gold
