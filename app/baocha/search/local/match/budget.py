"""Refuse a query that needs too much work, before any of it is done.

The work of a query is known beforehand from the sizes of the lists that it reads. It does
not depend on time, so a query on an index always gets the same answer. A query over the
budget is refused as a whole: a query without some of its parts, or a search that stops half
way, would show counts that are not those of the query.

Work is measured in postings. One posting is the work to find, count and rank one occurrence of
a phrase: some 35 ns. The costs of all other operations were measured relative to it.
"""

from collections.abc import Iterator

from baocha.search.engine import QueryTooCostlyError
from baocha.search.local.match.evaluate import Evaluation
from baocha.search.query import (
    And,
    Field,
    Figures,
    Keyword,
    Near,
    Not,
    Or,
    Phrase,
    Query,
    Years,
    show_years,
)

MIN_BUDGET = 4_000_000
"""Smallest budget, in postings: some 0.15 s. It applies to an index of less than 16 million
characters, where a quarter of the characters would be less."""

SHARE_OF_TEXT = 4
"""In a larger index the budget is the number of characters divided by this. So a query
that a small index answers is not refused when the index grows. A query for a few words is never
refused, however frequent they are: the most frequent character is 1 in 40."""

DOCUMENTS_PER_POSTING = 8
"""Scanning a table of all documents once costs one posting for every 8 documents."""

FIGURES_PER_POSTING = 4
"""Reading one posting takes as long as reading this number of figures."""

MAX_SHORT_PHRASE = 3
"""Longest phrase, in characters, that needs at most two posting lists."""

MAX_NAMED_PARTS = 3
"""Number of costly parts that the refusal names."""

MAX_NAMED_LENGTH = 20


def check_budget(query: Query, evaluation: Evaluation) -> None:
    """Raise QueryTooCostlyError if the work of `query` is more than its budget."""
    if is_over_budget(query, evaluation):
        raise _refusal(work_of(query, evaluation), evaluation)


def is_over_budget(query: Query, evaluation: Evaluation, min_budget: int = MIN_BUDGET) -> bool:
    """Return whether the work of `query` is more than its budget."""
    costs = work_of(query, evaluation)
    characters = int(evaluation.collection.starts[-1])
    if sum(costs.values()) <= max(min_budget, characters // SHARE_OF_TEXT):
        return False
    # A query for one short phrase has an answer however frequent the phrase is.
    first = next(iter(costs))
    return len(costs) > 1 or not isinstance(first, Phrase) or len(first.folded) > MAX_SHORT_PHRASE


def work_of(query: Query, evaluation: Evaluation) -> dict[Query, int]:
    """Return the work of each part of a query, in postings. A repeated part counts once."""
    return {part: _work(part, evaluation) for part in _parts(query)}


def _parts(query: Query) -> Iterator[Query]:
    """Yield the query and everything in it; phrases by their folded text alone."""
    match query:
        case Phrase():
            yield Phrase(query.folded, query.folded, query.exact)
        case Keyword():
            for word in query.words:
                yield from _parts(word)
            # Ranking looks for the whole run and the pairs between words too.
            yield Phrase(query.folded, query.folded)
            if query.crossing_pairs:
                yield query
        case Near():
            yield query
            for phrase in query.phrases:
                yield from _parts(phrase)
        case And() | Or():
            yield query
            for part in query.parts:
                yield from _parts(part)
        case Not():
            yield query
            yield from _parts(query.part)
        case _:
            yield query


def _work(part: Query, evaluation: Evaluation) -> int:
    """Return the work of a part of a query, without that of the parts in it."""
    table = evaluation.collection.document_count // DOCUMENTS_PER_POSTING
    match part:
        case Phrase():
            return evaluation.occurrences(part.folded).work + (len(part.folded) == 1) * table
        case Keyword():
            pairs = part.crossing_pairs
            return sum(evaluation.occurrences(pair, exact=True).work for pair in pairs)
        case Near():
            # Each occurrence of a phrase is compared with those of the other phrases.
            works = [evaluation.occurrences(phrase.folded).work for phrase in part.phrases]
            return sum(works) * (len(works) + 4) // 2
        case Or() | Field() | Years():
            return table
        case Figures():
            # Each figure that matches is read once. A label is compared with all labels.
            return len(evaluation.figures(part).documents) // FIGURES_PER_POSTING + table
        case Not():
            return 2 * table
        case _:
            return 0


def _refusal(costs: dict[Query, int], evaluation: Evaluation) -> QueryTooCostlyError:
    most: list[str] = []
    # With a restricted scope, the costs would reveal frequencies in hidden reports: show none.
    if not any(part.is_restricted for part in evaluation.collection.parts):
        most = [_shown(part) for part in sorted(costs, key=lambda part: -costs[part])]
        most = [shown for shown in most if shown][:MAX_NAMED_PARTS]
    zh = f"计算量最大的是 {'、'.join(most)}；" if most else ""
    en = f"most of the work is for {', '.join(most)}; " if most else ""
    return QueryTooCostlyError(
        zh=f"该查询计算量过大，未予执行，也未计数；{zh}请减少常用字、排除条件和“~”条件，或改用更长的短语",
        en="the query needs too much work and was not run, so there is no count; "
        f"{en}use fewer frequent characters, exclusions and “~” conditions, or longer phrases",
    )


def _shown(part: Query) -> str:
    match part:
        case Phrase() | Field() | Figures():
            text = part.text
        case Near():
            text = " ".join(phrase.text for phrase in part.phrases)
        case Years():
            text = show_years(part.range)
        case _:
            return ""
    text = text if len(text) <= MAX_NAMED_LENGTH else text[:MAX_NAMED_LENGTH] + "…"
    return f"“{text}”~{part.distance}" if isinstance(part, Near) else f"“{text}”"
