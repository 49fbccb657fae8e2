"""Words, for ranking alone: jieba's dictionary and model over folded text.

Which paragraphs match is decided by characters; words only decide which come first.
The cutting is done by rjieba, a compiled jieba with the same dictionary: it loads in a
tenth of a second where jieba needs most of one, and needs no cache file. On runs of Han
characters the two agree (a test holds them to it), so Han runs alone are handed to it.
"""

import hashlib
import importlib
import importlib.util
import re
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Protocol, cast

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_OTHER = rf"[^\W_{_HAN}]+"
_RUN = re.compile(rf"(?P<han>[{_HAN}]+)|{_OTHER}(?:[._%/+-]{_OTHER})*")


# Words that are not in the dictionary are found by jieba's hidden Markov model.
_WITH_MODEL = True


class _Segmenter(Protocol):
    def cut(self, text: str, hmm: bool, /) -> list[str]: ...  # noqa: FBT001 — rjieba's signature


@cache
def _segmenter() -> _Segmenter:
    # Imported when the first word is cut: `baocha status` and the like never need it.
    return cast("_Segmenter", importlib.import_module("rjieba"))


def words_of(folded: str) -> Iterator[tuple[str, int]]:
    """Yield the words of folded text, each with the offset of its first character.

    A run of Han characters is cut by jieba; a run of other letters and digits is a word.
    """
    for run in _RUN.finditer(folded):
        at = run.start()
        if run["han"] is None:
            yield run[0], at
            continue
        for word in _segmenter().cut(run[0], _WITH_MODEL):
            yield word, at
            at += len(word)


@cache
def segmenter_version() -> str:
    """Return what cuts the words, as recorded in every index."""
    return f"jieba {version('jieba')}, rjieba {version('rjieba')}"


def dictionary_digest() -> str:
    """Return the SHA-256 of jieba's dictionary, in hexadecimal."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba")
    return hashlib.sha256(Path(spec.origin).with_name("dict.txt").read_bytes()).hexdigest()
