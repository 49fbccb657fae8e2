"""Normalise (fold) text for matching. The index and the queries use this one function.

A phrase P matches a paragraph T exactly if and only if `fold(P)` is a substring of `fold(T)`. It
matches with marks ignored if and only if `bare(P)` is not empty and is a substring of `bare(T)`,
where `bare` is `fold` without `MARKS`.

The rules of `fold`, in order:

1. apply Unicode NFKC (UAX #15) and full case folding (Unicode 3.13) until nothing changes;
2. convert traditional to simplified Chinese, character by character;
3. replace each family of quotation marks, dashes, brackets, middle dots and tildes by one form;
4. remove control characters, format characters and variation selectors;
5. remove white space, except one space between two Latin letters or digits;
6. remove a comma between digits if exactly three digits follow it.

`fold` is fast: one `str.translate` with a table that is filled on demand, then two regular
expressions. `fold_with_offsets` gives the same text and, for each folded character, its place in
the original text. It is used for the few texts whose matches are highlighted.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from baocha_indexer.text.simplified import SIMPLIFIED, TRADITIONAL

FOLD_VERSION = 3
"""Stored in every index. Increase it with every change to the result of `fold` or of `bare`."""

MARKS = '"`′‵·()[]{}<>《》〈〉⟨⟩⟪⟫⦅⦆〘〙〚〛❛❜❝❞❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟬⟭⟮⟯⦃⦄⸨⸩⌈⌉⌊⌋⁅⁆⸢⸣⸤⸥'
"""The marks that `bare` removes, in their folded form: quotation marks, brackets, book-title marks
and middle dots. Many texts have < and > instead of 〈 and 〉. The ends of sentences (。！？；) are not
among them."""

_MARKS = frozenset(MARKS)
_NO_MARKS = str.maketrans("", "", MARKS)

_FAMILIES = {
    '"': "“”„‟«»‹›「」『』‘’‚‛'〝〞〟",
    "-": "‐‑‒–—―−⁃﹘",
    "[": "〔【〖",
    "]": "〕】〗",
    "·": "•‧・∙⋅᛫⸱",
    "~": "∼〜∽",
}
_ONE_FORM = {char: form for form, family in _FAMILIES.items() for char in family} | dict(
    zip(TRADITIONAL, SIMPLIFIED, strict=True)
)

LATIN_OR_DIGIT = (
    ("0", "9"),
    ("a", "z"),
    ("\u00df", "\u00f6"),
    ("\u00f8", "\u024f"),
    ("\u1e00", "\u1eff"),
)
"""First and last characters of the ranges of letters and digits. A space between two is kept."""

_LATIN_OR_DIGIT = "".join(f"{first}-{last}" for first, last in LATIN_OR_DIGIT)
# Reduce runs of spaces to one first, so that both neighbours of a space are other characters.
_DOUBLE_SPACE = re.compile(r"(?<= ) +")
_STRAY_SPACE = re.compile(rf"(?<![{_LATIN_OR_DIGIT}]) | (?![{_LATIN_OR_DIGIT}])")
_THOUSANDS_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


def _fold_cluster(cluster: str) -> str:
    """Apply rules 1 to 4 to one character, or to a character and its combining marks."""
    before = None
    while cluster != before:
        before = cluster
        # Fold the case first. A Greek iota subscript is a mark before case folding and a letter
        # after it, so NFKC could move it behind another mark.
        cluster = unicodedata.normalize("NFKC", cluster.casefold())
        cluster = "".join(_fold_scalar(char) for char in cluster)
    return cluster


def _fold_scalar(char: str) -> str:
    if char.isspace() and not "\x1c" <= char <= "\x1f":
        return " "
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"  # a lone surrogate is not a character and cannot be stored
    if unicodedata.category(char) in ("Cc", "Cf") or _is_variation_selector(char):
        return ""
    return _ONE_FORM.get(char, char)


def _is_variation_selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef" or char == "\u034f"


class _FoldTable(dict[int, str]):
    """Maps a code point to its folded text. An entry is computed when it is first read."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_cluster(chr(code))
        return folded


_TABLE = _FoldTable()


def fold(text: str) -> str:
    """Return the normalised form of `text`, which matching compares."""
    folded = text.translate(_TABLE)
    if " " in folded:
        folded = _STRAY_SPACE.sub("", _DOUBLE_SPACE.sub("", folded))
    if "," in folded:
        folded = _THOUSANDS_COMMA.sub("", folded)
    # Checked last: removing a space can put a mark next to a letter that it composes with.
    return folded if _is_settled(folded) else fold_with_offsets(text).text


def bare(folded: str) -> str:
    """Return folded text without `MARKS`."""
    # Most texts have no marks, and looking for one is faster than translating.
    return folded if _MARKS.isdisjoint(folded) else folded.translate(_NO_MARKS)


def fold_character(char: str) -> str:
    """Return the folded form of a single character: usually one character, or none or several."""
    return _TABLE[ord(char)]


def _is_settled(folded: str) -> bool:
    """Whether folding each character alone was correct: no mark composes with a letter."""
    return folded.isascii() or unicodedata.is_normalized("NFKC", folded)


@dataclass(frozen=True, slots=True)
class FoldedText:
    """Folded text and its origins: `text[i]` comes from `original[starts[i]:ends[i]]`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Return the original span of the folded span [start, end), which is not empty."""
        return self.starts[start], self.ends[end - 1]


def fold_with_offsets(text: str) -> FoldedText:
    """Return `fold(text)` and, for each of its characters, the original span it comes from."""
    return _fold_simple(text) or _fold_clusters(text)


def _fold_clusters(text: str) -> FoldedText:
    folded = _fold_once(text)
    while (again := _fold_once(folded.text)).text != folded.text:
        spans = [folded.original_span(s, e) for s, e in zip(again.starts, again.ends, strict=True)]
        folded = FoldedText(again.text, tuple(s for s, _ in spans), tuple(e for _, e in spans))
    return folded


def _fold_simple(text: str) -> FoldedText | None:
    """Return the folded text if each character folds alone to one character, as nearly always.

    Else return None.
    """
    if not all(map(_is_simple, set(text))):
        return None
    size = len(text)
    folded = FoldedText(text.translate(_TABLE), tuple(range(size)), tuple(range(1, size + 1)))
    folded = _without_needless(folded)
    return folded if _is_settled(folded.text) else None


@lru_cache(maxsize=1 << 14)
def _is_simple(char: str) -> bool:
    return len(_TABLE[ord(char)]) == 1 and not _composes_backwards(char)


def _fold_once(text: str) -> FoldedText:
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for start, end in _clusters(text):
        for char in (
            _TABLE[ord(text[start])] if end == start + 1 else _fold_cluster(text[start:end])
        ):
            chars.append(char)
            starts.append(start)
            ends.append(end)
    return _without_needless(FoldedText("".join(chars), tuple(starts), tuple(ends)))


def _without_needless(folded: FoldedText) -> FoldedText:
    """Return folded text without the spaces and commas that do not count."""
    for pattern in (_DOUBLE_SPACE, _STRAY_SPACE, _THOUSANDS_COMMA):
        folded = _without(folded, pattern)
    return folded


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield spans that can be folded separately: a character and its possible combining marks."""
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or not _composes_backwards(text[at]):
            yield start, at
            start = at


def _composes_backwards(char: str) -> bool:
    if char < "\u0300":
        return False
    folded = _TABLE[ord(char)]
    # An invisible character must not separate a letter from its mark. Vowels and finals of Hangul
    # (U+1161 to U+11FF) compose although they are not combining marks.
    return not folded or unicodedata.combining(folded[0]) > 0 or "\u1161" <= folded[0] <= "\u11ff"


def _without(folded: FoldedText, pattern: re.Pattern[str]) -> FoldedText:
    removed = {at for match in pattern.finditer(folded.text) for at in range(*match.span())}
    if not removed:
        return folded
    kept = [at for at in range(len(folded.text)) if at not in removed]
    return FoldedText(
        "".join(folded.text[i] for i in kept),
        tuple(folded.starts[i] for i in kept),
        tuple(folded.ends[i] for i in kept),
    )
