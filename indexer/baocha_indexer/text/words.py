"""Cut folded text into words with jieba's dictionary and model.

The text of a report is never matched by words. A keyword of the query is cut into words; each word
is then matched by its characters. Otherwise words are used only for ranking.

rjieba does the cutting. It is a compiled jieba with the same dictionary, loads in a tenth of a
second instead of most of a second, and needs no cache file. Until it is loaded, `dictionary` cuts
short runs. On runs of Han characters all three give the same words (tests check this), so only these
runs are passed to them.
"""

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import compress, groupby
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
from numpy.typing import NDArray

from baocha_indexer.text.dictionary import cut_without_model, dictionary_path

_HAN_RANGES = (("\u3400", "\u9fff"), ("\uf900", "\ufaff"), ("\U00020000", "\U000323af"))
# Searched only between runs of Han characters.
_OTHER_RUN = re.compile(r"[^\W_]+(?:[._%/+-][^\W_]+)*")

_LINE_BREAK = ord("\n")

# Let jieba's hidden Markov model find words that are not in the dictionary.
_WITH_MODEL = True


MAX_SHORT_RUN = 40
"""A longer run is always cut by rjieba, which is much faster once it is loaded."""


class _Cutter(Protocol):
    def cut(self, text: str, hmm: bool, /) -> list[str]: ...  # noqa: FBT001 — rjieba's signature
    def cut_for_search(self, text: str, hmm: bool, /) -> list[str]: ...  # noqa: FBT001


@cache
def _cutter() -> _Cutter:
    # Imported at the first use: commands that cut nothing, or only a short query, do not need it.
    return cast("_Cutter", importlib.import_module("rjieba"))


def load_segmenter() -> None:
    """Load rjieba now: a server should not load it when it gets the first query."""
    _cutter()


def han_runs(text: str) -> Iterator[tuple[bool, str]]:
    """Yield the runs of Han characters (True) and the runs between them (False), in order."""
    # Not a regular expression, because compiling these classes takes milliseconds.
    for is_han, run in groupby(text, _is_han):
        yield is_han, "".join(run)


def _is_han(char: str) -> bool:
    for first, last in _HAN_RANGES:  # noqa: SIM110 — any() is slow here
        if first <= char <= last:
            return True
    return False


def words_of(folded: str) -> Iterator[tuple[str, int]]:
    """Yield the words of folded text, each with the offset of its first character.

    jieba cuts a run of Han characters. A run of other letters and digits is one word.
    """
    at = 0
    for is_han, run in han_runs(folded):
        if is_han:
            for word in _words_of_run(run):
                yield word, at
                at += len(word)
        else:
            yield from ((other[0], at + other.start()) for other in _OTHER_RUN.finditer(run))
            at += len(run)


def _words_of_run(run: str) -> list[str]:
    """Return the words of a run of Han characters."""
    if "rjieba" not in sys.modules and len(run) <= MAX_SHORT_RUN:
        words = cut_without_model(run)
        if words is not None:
            return words
    return _cutter().cut(run, _WITH_MODEL)


def share_in_words(texts: Iterable[str]) -> tuple[int, float]:
    """Return the number of Han characters beside others, and the share of them that are in words.

    Only words of the dictionary with two or more characters count. `texts`: they are not joined.
    """
    characters = in_words = run = 0
    # One call for all texts. What stands between two runs of Han characters is a word too.
    for word in (*_cutter().cut("\n".join(texts), not _WITH_MODEL), "\n"):
        if _is_han(word[0]):
            run += len(word)
            if len(word) > 1:
                in_words += len(word)
        else:
            characters += run if run > 1 else 0
            run = 0
    return characters, in_words / max(1, characters)


def words_inside(word: str) -> list[str]:
    """Return the words of the dictionary that are parts of a word, of two or more characters."""
    cut = _cutter().cut_for_search(word, _WITH_MODEL)
    return [part for part in cut if 1 < len(part) < len(word)]


def words_of_all(
    codes: NDArray[np.uint32], starts: NDArray[np.int64]
) -> tuple[list[str], NDArray[np.int64]]:
    """Return the words of many folded texts and, for each word, the index of its text; unordered.

    `codes`: the concatenated code points of the texts; text t begins at `starts[t]`, and the last
    element of `starts` is their number. The words are those of `words_of`, but rjieba is called
    once instead of once for each run.
    """
    # Folded text has no line breaks. So they can separate the texts and replace the characters
    # that jieba should not cut. jieba returns each of them, so the lengths add up to offsets.
    lined = np.insert(codes, starts[1:], _LINE_BREAK)
    han = np.zeros(len(lined), dtype=np.bool_)
    for first, last in _HAN_RANGES:
        han |= (lined >= ord(first)) & (lined <= ord(last))
    cut = _cutter().cut(_as_text(np.where(han, lined, _LINE_BREAK)), _WITH_MODEL)
    lengths = np.fromiter(map(len, cut), np.int64, len(cut))
    offsets = np.cumsum(lengths) - lengths
    is_word = han[offsets]
    others = [
        (run[0], run.start())
        for run in _OTHER_RUN.finditer(_as_text(np.where(han, _LINE_BREAK, lined)))
    ]
    words = [*compress(cut, is_word), *(word for word, _ in others)]
    places = [offsets[is_word], np.array([at for _, at in others], dtype=np.int64)]
    # Text t has t line breaks before it.
    begins = starts[:-1] + np.arange(len(starts) - 1)
    return words, np.searchsorted(begins, np.concatenate(places), "right") - 1


def _as_text(codes: NDArray[np.integer[Any]]) -> str:
    return codes.astype("<u4").tobytes().decode("utf-32-le")


@cache
def segmenter_version() -> str:
    """Return the names and versions of the programs that cut words. Every index stores them."""
    return f"jieba {_version('jieba')}, rjieba {_version('rjieba')}"


def _version(package: str) -> str:
    # Not importlib.metadata: importing it takes longer than opening an index. It reads the version
    # from the same folder name.
    spec = importlib.util.find_spec(package)
    site = Path(spec.origin).parent.parent if spec and spec.origin else Path()
    found = next(site.glob(f"{package}-*.dist-info"), None)
    if found is None:
        raise ModuleNotFoundError(package)
    return found.name.removeprefix(f"{package}-").removesuffix(".dist-info")


def dictionary_digest() -> str:
    """Return the SHA-256 of jieba's dictionary, in hexadecimal."""
    # Imported here because only indexing needs it.
    from hashlib import sha256  # noqa: PLC0415

    return sha256(dictionary_path().read_bytes()).hexdigest()
