"""The law of the account: found = kept + dropped + unexplained, for each character."""

from collections import Counter
from collections.abc import Sequence
from html import escape
from io import BytesIO

import docx
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baocha_indexer.account import account_of, characters_of
from baocha_indexer.model import REASONS, Account, Changes, Paragraph
from baocha_indexer.parse import parse

texts = st.text("甲乙丙丁12.,，。|（）一、-", min_size=1, max_size=12)
changes = st.lists(st.tuples(st.sampled_from(REASONS), texts), max_size=4)


def paragraphs(found: Sequence[str]) -> list[Paragraph]:
    return [Paragraph(at, text, "body", "", ()) for at, text in enumerate(found, start=1)]


def reference(text: str, kept: str, removed: Sequence[tuple[str, str]], added: str) -> Account:
    """Return the account, counted for each character by itself."""
    kept_count = lost_count = 0
    dropped = dict.fromkeys(REASONS, 0)
    for char in set(text):
        found = text.count(char)
        removed_here = "".join(text for _, text in removed).count(char)
        lost = found + added.count(char) - kept.count(char) - removed_here
        lost = max(0, min(found, lost))
        in_paragraphs = min(found - lost, kept.count(char))
        rest = found - lost - in_paragraphs
        for reason in REASONS:
            of_reason = "".join(text for name, text in removed if name == reason).count(char)
            dropped[reason] += min(rest, of_reason)
            rest -= min(rest, of_reason)
        assert rest == 0
        lost_count += lost
        kept_count += in_paragraphs
    return Account(len(text), kept_count, {r: n for r, n in dropped.items() if n}, lost_count)


@given(texts, st.lists(texts), changes, st.lists(texts))
def test_the_law_for_any_texts(text, kept, removed, added):  # type: ignore[no-untyped-def]
    record = Changes()
    for reason, dropped in removed:
        record.remove(reason, dropped)
    record.added.extend(added)
    account = account_of(text, paragraphs(kept), record)
    expected = reference(text, "".join(kept), removed, "".join(added))
    assert (account.found, account.kept, account.dropped, account.unexplained) == (
        expected.found,
        expected.kept,
        expected.dropped,
        expected.unexplained,
    )
    assert account.found == account.kept + sum(account.dropped.values()) + account.unexplained


words = st.text("甲乙丙丁戊己庚辛，。；：（）《》1234567890.%", min_size=1, max_size=30)
cells = st.text("甲乙丙丁戊12345.%（）", min_size=1, max_size=8)
tables = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(cells, min_size=width, max_size=width), min_size=2, max_size=5)
)
documents = st.lists(words | tables, max_size=8).map(lambda parts: ["青湖区节水总结", *parts])
Document = Sequence[str | list[list[str]]]


def as_text(document: Document) -> bytes:
    lines = [
        part if isinstance(part, str) else "\n".join(cell for row in part for cell in row)
        for part in document
    ]
    return "\n".join(lines).encode()


def as_markdown(document: Document) -> bytes:
    parts = []
    for part in document:
        if isinstance(part, str):
            parts.append(f"## {part}" if len(part) < 6 else f"**{part[:3]}**{part[3:]}")
        else:
            rows = ["| " + " | ".join(row) + " |" for row in part]
            parts.append("\n".join([rows[0], "|" + "---|" * len(part[0]), *rows[1:]]))
    return "\n\n".join(parts).encode()


def as_html(document: Document) -> bytes:
    parts = ["<title>甲</title><nav>乙丙</nav><script>丁</script>"]
    for part in document:
        if isinstance(part, str):
            parts.append(f"<h2>{part}</h2>" if len(part) < 6 else f"<p>{escape(part)}</p>")
        else:
            rows = ("".join(f"<td>{cell}</td>" for cell in row) for row in part)
            parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return "".join(parts).encode()


def as_docx(document: Document) -> bytes:
    file = docx.Document()
    for part in document:
        if isinstance(part, str):
            file.add_paragraph(part, "List Number" if len(part) < 6 else None)
        else:
            table = file.add_table(len(part), len(part[0]))
            for row, texts_of_row in zip(table.rows, part, strict=True):
                for cell, text in zip(row.cells, texts_of_row, strict=True):
                    cell.text = text
            table.cell(0, 0).merge(table.cell(1, 0))
    file.sections[0].header.paragraphs[0].text = "青湖区水务局"
    stream = BytesIO()
    file.save(stream)
    return stream.getvalue()


def as_xlsx(document: Document) -> bytes:
    book = openpyxl.Workbook()
    for part in document:
        for row in [[part]] if isinstance(part, str) else part:
            book.worksheets[0].append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("suffix", "render"),
    [
        (".txt", as_text),
        (".md", as_markdown),
        (".html", as_html),
        (".docx", as_docx),
        (".xlsx", as_xlsx),
    ],
)
@settings(max_examples=15, deadline=None)
@given(document=documents)
def test_nothing_is_lost(suffix, render, document):  # type: ignore[no-untyped-def]
    report = parse(render(document), f"甲{suffix}")
    account = report.account
    assert account.unexplained == 0, account
    assert account.found == account.kept + sum(account.dropped.values())
    whole = [part if isinstance(part, str) else "".join(map("".join, part)) for part in document]
    missing = characters_of("".join(whole)) - characters_of(
        "".join(paragraph.text for paragraph in report.paragraphs)
    )
    assert missing.total() <= sum(account.dropped.values()), missing


def test_a_lost_row_is_a_warning_with_an_example() -> None:
    lines = [f"项目{n} | 金额 | {n}00.00" for n in range(20)]
    rows = [Paragraph(at, text, "table", "", ()) for at, text in enumerate(lines, start=1)]
    text = "\n".join(line.replace(" | ", "\t") for line in lines)
    complete = account_of(text, rows, Changes())
    assert (complete.unexplained, complete.warning) == (0, None)
    account = account_of(text, [*rows[:7], *rows[8:]], Changes())
    lost = len("项目7金额700.00")
    assert (account.unexplained, account.kept) == (lost, account.found - lost)
    assert account.example == "项目7 金额 700.00"
    assert account.warning is not None
    assert f"{lost} 个" in account.warning.zh
    assert f"{lost} of {account.found}" in account.warning.en


def test_repeated_cells_do_not_hide_a_loss() -> None:
    text = "数量指标\n水质合格率\n漏损率\n数量指标"
    changes = Changes()
    changes.added.append("数量指标")
    rows = paragraphs(["数量指标 | 水质合格率", "数量指标 | 漏损率"])
    assert account_of(text, rows, changes).unexplained == len("数量指标")


def test_what_a_page_repeats_is_dropped_by_name() -> None:
    pages = [f"青湖区水务局文件汇编\n第{n}页的内容是节水工作总结。\n- {n} -" for n in range(1, 6)]
    account = parse("\f".join(pages).encode(), "a.txt").account
    assert account.dropped == {"page head": 40, "page number": 15}
    assert account.unexplained == 0


def test_fact_box_navigation_and_repeated_title_of_a_page_are_named() -> None:
    page = (
        "<html><body><nav>首页 机构</nav><table><tr><td>索引号：</td><td>001</td><td>发布机构：</td>"
        "<td>水务局</td></tr></table><h1>节水工作总结</h1><p>坚持节水优先，统筹推进各项工作。</p>"
        "<p>全面落实节水的各项措施，成效明显。</p><p>节水工作总结</p><div><a>返回首页</a></div></body></html>"
    )
    account = parse(page.encode(), "a.html").account
    assert set(account.dropped) == {"navigation", "fact box", "repeated title"}
    assert account.unexplained == 0


def test_syntax_of_markdown_is_named() -> None:
    source = "---\ntitle: 甲\n---\n# 报告\n\n见[附件](https://a.cn/b)&nbsp;**重点**<!-- 注 -->\n\n```py\n码\n```\n"
    account = parse(source.encode(), "a.md").account
    assert account.unexplained == 0
    assert {"front matter", "link", "mark"} <= set(account.dropped)


def test_characters_are_counted_without_white_space() -> None:
    assert characters_of("甲 乙\n甲\u3000\u200b｜") == Counter({"甲": 2, "乙": 1, "|": 1})


def test_rulings_in_plain_text_are_marks() -> None:
    table = "┌────┬────┐\n│项目│金额│\n├────┼────┤\n│供水│ 12 │\n└────┴────┘\n"
    account = parse(f"节水总结\n\n{table}\n坚持节水优先。\n".encode(), "a.txt").account
    assert (account.dropped, account.unexplained) == ({"mark": 39}, 0)


def test_a_row_of_plain_text_without_its_outer_rulings_is_kept() -> None:
    table = "┌──┬──┬──┐\n│项目│金额│备注│\n├──┼──┼──┤\n供水│12  │甲  │\n排水│13  │乙\n│合计│25  │丙\n└──┴──┴──┘\n"
    report = parse(f"节水总结\n\n{table}\n坚持节水优先。\n".encode(), "a.txt")
    rows = [paragraph.text for paragraph in report.paragraphs if paragraph.role == "table"]
    assert rows == ["项目 | 金额 | 备注", "供水 | 12 | 甲", "排水 | 13 | 乙", "合计 | 25 | 丙"]
    assert report.account.unexplained == 0
