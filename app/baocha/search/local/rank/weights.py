"""Every weight of ranking, with its reason, and the formula they enter.

BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, in the form
whose inverse document frequency is never negative (Lucene's).
"""

from math import log1p

K1 = 1.2
"""How soon more of the same word stops to count. The usual value: a paragraph is short, and
the third 绩效 in it says little more than the second."""

B = 0.75
"""How much a long paragraph is held back. The usual value: report paragraphs run from six
characters to a thousand, and without it the longest would always win."""

EXACT_RUN = 1.0
"""What an exact run of a keyword that was cut into words adds, as a share of the most that
its words and pairs could score: whoever typed 企业建设服务情况 is shown that first, and no
paragraph with the words scattered comes before it."""

CLOSENESS = 0.4
"""What two words that follow each other in the query add where they stand side by side, as a
share of their weight: halved, roughly, by every ten characters between them."""

CLOSENESS_SCALE = 10.0
"""Characters between two words at which their closeness is worth half: a clause."""

WINDOW = 1000
"""Closeness is looked at in so many of the best by all else: it orders what people read, and
seldom lifts what is further down among them."""

HEADING = 0.05
"""What a heading adds that matches, as a share of the same: it names what a whole section is
about. Small, because headings are short and rank high by that alone."""


def idf(documents: int, total: int) -> float:
    """Return the weight of a term that `documents` of `total` documents hold.

    Removed documents may still be counted among `documents`; the weight is never negative.
    """
    documents = min(documents, total)
    return log1p((total - documents + 0.5) / (documents + 0.5))


def most(weight: float) -> float:
    """Return the most that a term of this weight can score in BM25, however often it occurs."""
    return weight * (K1 + 1)
