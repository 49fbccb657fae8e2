"""Convert manuscripts to other formats: Word, web page, workbook, PDF, scan."""

import shutil
from html import escape
from io import BytesIO
from itertools import groupby
from typing import Any

import docx
import openpyxl
import pypdfium2
from playwright.sync_api import sync_playwright

from tools.manuscript import Item, Manuscript

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

_STYLE = """
@page { size: A4; margin: 37mm 26mm 35mm 28mm }
body { font: 16pt/28pt "Noto Serif CJK SC"; text-align: justify }
p { margin: 0; text-indent: 2em }
h1 { font: 22pt/32pt "Noto Sans CJK SC"; text-align: center }
table { border-collapse: collapse; width: 100% }
td { border: 1px solid #000; font-size: 12pt; line-height: 20pt; text-align: center }
"""
_FOOT = '<div style="font-size: 10pt; width: 100%; text-align: center">- <span class="pageNumber"></span> -</div>'
_SCAN_DPI = 150


def parts(manuscript: Manuscript) -> list[str | list[tuple[str, ...]]]:
    """Return the paragraphs. The rows of one table are in one group."""
    found: list[str | list[tuple[str, ...]]] = []
    for is_table, items in groupby(manuscript.items, lambda item: bool(item.cells)):
        held: list[Item] = list(items)
        found += [[item.cells for item in held]] if is_table else [item.text for item in held]
    return found


def as_docx(manuscript: Manuscript) -> bytes:
    """Return a manuscript as a Word document."""
    document = docx.Document()
    for text in (manuscript.front, *manuscript.title):
        if text:
            document.add_paragraph(text)
    for part in parts(manuscript):
        if isinstance(part, str):
            document.add_paragraph(part)
        else:
            table = document.add_table(0, len(part[0]), style="Table Grid")
            for row in part:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
    return _saved(document)


def as_xlsx(manuscript: Manuscript) -> bytes:
    """Return the tables of a manuscript as a workbook, below its title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None  # noqa: S101 — for the types: a new workbook has a sheet
    sheet.append(["".join(manuscript.title)])
    for part in parts(manuscript):
        if not isinstance(part, str):
            for row in part:
                sheet.append(list(row))
    return _saved(book)


def _saved(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _body(manuscript: Manuscript) -> str:
    html = [f"<p>{escape(manuscript.front)}</p>"] if manuscript.front else []
    for part in parts(manuscript):
        if isinstance(part, str):
            html.append(f"<p>{escape(part)}</p>")
        else:
            rows = ("".join(f"<td>{escape(cell)}</td>" for cell in row) for row in part)
            html.append("<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>")
    return "\n".join(html)


def as_page(manuscript: Manuscript) -> bytes:
    """Return a manuscript as a saved page of a government site, in GB18030."""
    title, department = escape("".join(manuscript.title)), escape(manuscript.department)
    heading = "<br>".join(map(escape, manuscript.title))
    return f"""<!DOCTYPE html><html><head><meta charset="gb2312">
<title>{title}-云溪市青湖区人民政府门户网站</title>
<meta name="ArticleTitle" content="{title}"><meta name="ContentSource" content="{department}">
<script>document.write("浏览量：1")</script><style>p {{ color: red }}</style></head><body>
<div class="top"><ul><li><a href="/">首页</a></li><li><a href="/zwgk">政务公开</a></li>
<li><a href="/fw">办事服务，网上办理</a></li></ul></div>
<div class="where">当前位置：<a href="/">首页</a> &gt; <a href="/zwgk">政务公开</a> &gt; 财政信息</div>
<table><tr><td>索引号</td><td>qh-2023/001</td><td>发布机构</td><td>{department}</td></tr>
<tr><td>发布日期</td><td>2024-03-01</td><td>有效性</td><td>有效</td></tr></table>
<div class="main"><h1>{heading}</h1>
<div>发布时间：2024-03-01 10:00　来源：{department}　浏览量：<span>123</span>　字体：【<a>大</a> <a>中</a>】</div>
<div id="zoom">{_body(manuscript)}</div><div>【打印本页】【关闭窗口】</div>
<ul><li>上一篇：<a href="1">关于公布名单的通知</a></li><li>下一篇：<a>没有了</a></li></ul></div>
<div class="foot">主办：云溪市青湖区人民政府办公室　地址：青湖路1号<br>备案号：000</div>
</body></html>""".encode("gb18030")


def as_pdf(manuscript: Manuscript) -> bytes:
    """Return a manuscript as a PDF with page numbers."""
    heading = "<br>".join(map(escape, manuscript.title))
    html = f"<meta charset=utf-8><style>{_STYLE}</style>"
    # The front, 附件2, is above the title.
    front, body = _body(manuscript), ""
    if manuscript.front:
        front, _, body = front.partition("\n")
        html += f"{front.replace('<p>', '<p style=text-indent:0>')}<h1>{heading}</h1>{body}"
    else:
        html += f"<h1>{heading}</h1>{front}"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        page = browser.new_page()
        page.set_content(html)
        content = page.pdf(
            prefer_css_page_size=True,
            display_header_footer=True,
            header_template="<span></span>",
            footer_template=_FOOT,
        )
        browser.close()
    return content


def as_scan(pdf: bytes) -> bytes:
    """Return a PDF as a scan: pages of grey dots."""
    document = pypdfium2.PdfDocument(pdf)
    images = [page.render(scale=_SCAN_DPI / 72).to_pil().convert("L") for page in document]
    file = BytesIO()
    images[0].save(
        file, "PDF", save_all=True, append_images=images[1:], resolution=_SCAN_DPI, quality=50
    )
    return file.getvalue()
