"""The weights of ranking, each with its reason, and the formulas that use them.

BM25: Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009, with the inverse
document frequency of Lucene, which is never negative.
"""

from math import log1p

K1 = 1.2
"""Limits the effect of high frequencies. The usual value: a paragraph is short, and a third 绩效 in
it adds little to a second."""

B = 0.75
"""Limits the scores of long paragraphs. The usual value: paragraphs have from six to a thousand
characters, and without this the longest would always rank first."""

EXACT_RUN = 1.0
"""Addition for an exact occurrence of a keyword that was cut into words, as a share of the maximum
score of its terms. A paragraph with 企业建设服务情况 as typed ranks above all paragraphs with its
words apart."""

CLOSENESS = 0.4
"""Addition for two words that follow each other in the query and are adjacent in a document, as a
share of their weights. It decreases with the number of characters between them."""

CLOSENESS_SCALE = 10.0
"""Number of characters between two words that halves the addition: about a clause."""

WINDOW = 1000
"""Closeness is computed only for this number of the best matches by all other terms. Matches of
lower rank would seldom rise into the first pages."""

HEADING = -0.1
"""Addition for a matching title, heading or header row, as a share of the maximum score. It is
negative: they are short, so they rank high, but have little to read."""

SECTION = 0.5
"""Addition for each phrase that a heading or the title above a paragraph contains, as a share of its
weight: a match in a heading lifts the paragraphs of its section. Phrases of one character do not
count: they say little about a section, and some are in most headings."""

SECTION_WINDOW = 200
"""The headings above are looked up only for this number of the best matches: some pages."""

LACK = 0.5
"""The score of a partial match is multiplied by its share of the largest weight to this power. With
0 a paragraph that repeats one word ranks too high, with 1 or more the score has little effect."""

MIN_SHARE_OF_WEIGHT = 0.3
"""A partial match has at least this share of the weight of the best one. Matches with less
have too little in common with the query to be useful."""


FEW_MATCHES = 10
MANY_WORDS = 6
PARTIAL_MATCHES = 10
"""If fewer than `FEW_MATCHES` paragraphs have all of at least `MANY_WORDS` words, at most
`PARTIAL_MATCHES` paragraphs with some of them follow: a long query is often a question, whose
answer may use other words."""


def idf(documents: int, total: int) -> float:
    """Return the weight of a term that `documents` of `total` documents contain.

    `documents` may include deleted documents. The weight is never negative.
    """
    documents = min(documents, total)
    return log1p((total - documents + 0.5) / (documents + 0.5))


def max_bm25(weight: float) -> float:
    """Return the maximum BM25 score of a term of this weight."""
    return weight * (K1 + 1)
