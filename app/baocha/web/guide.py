"""The help page: the query language, with examples from this index."""

from collections.abc import Iterator

from flask import request

from baocha.search import Engine
from baocha.web.blueprint import Page, bp, current_engine, render
from baocha.web.requested import Requested

_PHRASE = "绩效目标"
"""Example for an index without its own examples."""


@bp.get("/help")
def help_page() -> Page:
    """Show the query language and the keyboard shortcuts."""
    requested, warnings = Requested.from_args(request.args)
    forms = tuple(example_queries(current_engine()))
    return render("help.html", requested, warnings, forms=forms)


def example_queries(engine: Engine) -> Iterator[tuple[str, str]]:
    """Yield an example query of each form, and the key of the text that explains it."""
    examples = engine.examples()
    phrase = examples[0].strip("“”") if examples else _PHRASE
    other = examples[1] if len(examples) > 1 else phrase
    head, tail = phrase[:2], phrase[-2:]
    yield f"{head} {tail}", "help_keywords"
    yield f"“{phrase}”", "help_phrase"
    yield f"=“{phrase}”", "help_exact"
    yield f"{phrase} | {other}", "help_or"
    yield f"{head} -{other}", "help_not"
    yield f"({phrase} | {other}) {head}", "help_group"
    yield f'"{head} {tail}"~20', "help_near"
    yield "执行率<80%", "help_figures"
    yield "得分:90..95", "help_figures_range"
    yield "三公经费<上年", "help_figures_year"
    if engine.search("雷同:是", limit=0).total:
        yield "雷同:是", "help_copied"
    status = engine.status()
    if status.departments:
        yield f"{head} 部门:{status.departments[0]}", "help_department"
    if status.years:
        yield f"{head} 年度:{status.years[-1]}..{status.years[0]}", "help_year"
    sections = engine.search(phrase, limit=0).facets["section"]
    if sections:
        yield f"{head} 章节:{sections[0].value}", "help_section"
