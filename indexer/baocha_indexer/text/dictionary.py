"""Cut a short run of Han characters with jieba's dictionary, without loading the dictionary.

rjieba needs a tenth of a second to load its dictionary, most of the time of a command that searches
once. In jieba's file `dict.txt`, the words that contain Latin letters come first. All other lines are
sorted by the UTF-8 bytes of their first character, so the words that begin with a character are found
by binary search.

The words are those of jieba's `cut`: of all ways to cut a run into words of the dictionary and single
characters, the most probable one. jieba then passes neighbouring single characters to its hidden Markov
model; this module has no model and returns None instead. A test compares the results with rjieba.
"""

import importlib.util
import mmap
from functools import cache, lru_cache
from math import log
from pathlib import Path

TOTAL = 60_101_967
"""Sum of the frequencies in the dictionary of jieba 0.42.1. A test adds them up."""

CACHED_CHARACTERS = 128
"""Number of characters whose words are in memory: some 50 KB for a frequent character."""


def dictionary_path() -> Path:
    """Return the path of jieba's dictionary. Raises ModuleNotFoundError without jieba."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba")
    return Path(spec.origin).with_name("dict.txt")


def cut_without_model(run: str) -> list[str] | None:
    """Return the words of a run of Han characters, or None if the model is needed."""
    words: list[str] = []
    singles = ""
    for word in (*_most_probable(run), ""):
        if len(word) == 1:
            singles += word
            continue
        if len(singles) > 1 and not _words_beginning_with(singles[0]).get(singles):
            return None
        words += singles
        singles = ""
        if word:
            words.append(word)
    return words


def _most_probable(run: str) -> list[str]:
    """Return the most probable way to cut a run; of several, the one with longer words first."""
    # For each place, the logarithm of the probability of the rest, and the end of its first word.
    best: list[tuple[float, int]] = [(0.0, 0)] * (len(run) + 1)
    for start in range(len(run) - 1, -1, -1):
        words = _words_beginning_with(run[start])
        longest = min(words.get("", 1), len(run) - start)
        ends = [
            end for end in range(start + 1, start + longest + 1) if words.get(run[start:end])
        ] or [start + 1]
        best[start] = max(
            (log(words.get(run[start:end]) or 1) - log(TOTAL) + best[end][0], end) for end in ends
        )
    cut, at = [], 0
    while at < len(run):
        cut.append(run[at : best[at][1]])
        at = best[at][1]
    return cut


@lru_cache(CACHED_CHARACTERS)
def _words_beginning_with(char: str) -> dict[str, int]:
    """Return the frequencies of the words that begin with a character; "" has the longest length."""
    content = _content()
    first = char.encode()
    begin = _first_line(content, first)
    # No byte of UTF-8 is 0xff, so this is after all lines that begin with the character.
    end = _first_line(content, first + b"\xff")
    frequencies = {}
    for line in content[begin:end].decode().splitlines():
        word, frequency, *_ = line.split(" ")
        frequencies[word] = int(frequency)
    frequencies[""] = max(map(len, frequencies), default=1)
    return frequencies


def _first_line(content: mmap.mmap, key: bytes) -> int:
    """Return the offset of the first line that is not less than `key`, among the sorted lines."""
    low, high = _first_sorted(content), len(content)
    while low < high:
        start = content.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = content.find(b"\n", start) + 1 or len(content)
        if content[start : end - 1] < key:
            low = end
        else:
            high = start
    return low


@cache
def _content() -> mmap.mmap:
    with dictionary_path().open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


@cache
def _first_sorted(content: mmap.mmap) -> int:
    """Return the offset of the first line of the sorted part."""
    return content.find("\n一 ".encode()) + 1
