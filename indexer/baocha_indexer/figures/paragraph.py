"""Find the figures of a paragraph."""

from baocha_indexer.figures.numbers import normalise
from baocha_indexer.figures.quantities import may_have_quantities
from baocha_indexer.figures.rows import figures_of_row
from baocha_indexer.figures.sentence import figures_of_text
from baocha_indexer.figures.years import with_year_before
from baocha_indexer.model import Figure, Paragraph


def figures_of(paragraph: Paragraph, year: int | None) -> tuple[Figure, ...]:
    """Return the figures of a paragraph, in their order. `year`: that of its report, None if unknown."""
    text = paragraph.text
    if not may_have_quantities(text):
        return ()
    plain = normalise(text)
    if paragraph.role == "table":
        return with_year_before(figures_of_row(paragraph, plain, year))
    return with_year_before(figures_of_text(text, plain, year))
