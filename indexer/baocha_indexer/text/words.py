"""Words, for ranking alone: jieba's dictionary and model over folded text.

Which paragraphs match is decided by characters; words only decide which come first.
The cutting is done by rjieba, a compiled jieba with the same dictionary: it loads in a
tenth of a second where jieba needs most of one, and needs no cache file. On runs of Han
characters the two agree (a test holds them to it), so Han runs alone are handed to it.
"""

import importlib
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from itertools import compress, groupby
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

_HAN_RANGES = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U000323af"))
# Looked for only where there are no Han characters.
_OTHER_RUN = re.compile(r"[^\W_]+(?:[._%/+-][^\W_]+)*")

_LINE_BREAK = ord("\n")

# Words that are not in the dictionary are found by jieba's hidden Markov model.
_WITH_MODEL = True


class _Segmenter(Protocol):
    def cut(self, text: str, hmm: bool, /) -> list[str]: ...  # noqa: FBT001 — rjieba's signature


@cache
def _segmenter() -> _Segmenter:
    # Imported when the first word is cut: `baocha status` and the like never need it.
    return cast("_Segmenter", importlib.import_module("rjieba"))


def han_runs(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the runs of text that are of Han characters, and those between, in order."""
    # Not a regular expression: one with these classes takes milliseconds to compile.
    for is_han, run in groupby(text, _is_han):
        yield is_han, "".join(run)


def _is_han(char: str) -> bool:
    return any(first <= char <= last for first, last in _HAN_RANGES)


def words_of(folded: str) -> Iterator[tuple[str, int]]:
    """Yield the words of folded text, each with the offset of its first character.

    A run of Han characters is cut by jieba; a run of other letters and digits is a word.
    """
    at = 0
    for is_han, run in han_runs(folded):
        if is_han:
            for word in _segmenter().cut(run, _WITH_MODEL):
                yield word, at
                at += len(word)
        else:
            yield from ((other[0], at + other.start()) for other in _OTHER_RUN.finditer(run))
            at += len(run)


def words_of_all(
    codes: NDArray[np.uint32], starts: NDArray[np.int64]
) -> tuple[list[str], NDArray[np.int64]]:
    """Return the words of many folded texts and, for each, the text it is in, both unordered.

    `codes` are the code points of the texts, one after another; text t begins at
    `starts[t]`, and `starts` ends with their number. The words are those of `words_of`,
    from one call of the segmenter instead of one a run.
    """
    # Line breaks, which folded text has none of, part the texts and stand for what jieba
    # does not cut; it returns each of them, so that lengths add up to offsets.
    lined = np.insert(codes, starts[1:], _LINE_BREAK)
    han = np.zeros(len(lined), dtype=np.bool_)
    for first, last in _HAN_RANGES:
        han |= (lined >= ord(first)) & (lined <= ord(last))
    cut = _segmenter().cut(_as_text(np.where(han, lined, _LINE_BREAK)), _WITH_MODEL)
    lengths = np.fromiter(map(len, cut), np.int64, len(cut))
    offsets = np.cumsum(lengths) - lengths
    is_word = han[offsets]
    others = [
        (run[0], run.start())
        for run in _OTHER_RUN.finditer(_as_text(np.where(han, _LINE_BREAK, lined)))
    ]
    words = [*compress(cut, is_word), *(word for word, _ in others)]
    places = [offsets[is_word], np.array([at for _, at in others], dtype=np.int64)]
    # One line break more before each text than before the one before it.
    begins = starts[:-1] + np.arange(len(starts) - 1)
    return words, np.searchsorted(begins, np.concatenate(places), "right") - 1


def _as_text(codes: NDArray[np.integer[Any]]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


@cache
def segmenter_version() -> str:
    """Return what cuts the words, as recorded in every index."""
    return f"jieba {_version('jieba')}, rjieba {_version('rjieba')}"


def _version(package: str) -> str:
    # importlib.metadata takes longer to load than an index to open; it reads the same name,
    # by the specification of recorded installs.
    spec = importlib.util.find_spec(package)
    site = Path(spec.origin).parent.parent if spec and spec.origin else Path()
    found = next(site.glob(f"{package}-*.dist-info"), None)
    if found is None:
        raise ModuleNotFoundError(package)
    return found.name.removeprefix(f"{package}-").removesuffix(".dist-info")


def dictionary_digest() -> str:
    """Return the SHA-256 of jieba's dictionary, in hexadecimal."""
    # Imported here: only writing needs it.
    from hashlib import sha256  # noqa: PLC0415

    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba")
    return sha256(Path(spec.origin).with_name("dict.txt").read_bytes()).hexdigest()
