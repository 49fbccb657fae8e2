"""Find what pinyin stands for: zhaoshangyinzi, zsyz, or characters that sound like others.

This works as an input method does. What is typed is a graph: its nodes are the places between the
letters, its edges the syllables that the letters can be, each with the characters that are read so.
A beam search follows the edges from left to right, and keeps the texts that are most probable by
the pairs of the index. In the end it is checked which of them occur.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import log
from string import ascii_lowercase
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from baocha.search.local.match import Evaluation
from baocha.search.local.suggest.pairs import Pairs
from baocha.search.local.suggest.readings import readings_of, similar_form
from baocha.search.local.suggest.samples import begins_word, is_whole_words

MIN_LETTERS = 2
MAX_LETTERS = 60
MAX_CHARACTERS = 16
"""Longer texts are not read as pinyin."""

MIN_INITIALS = 3
"""Fewer initials stand for too many texts."""

BEAM = 96
CHARACTERS_BEAM = 32
"""Number of texts that are kept at each place, for letters and for characters, which say more."""

MAX_WORK = 400_000
"""Number of postings that may be read to check which texts occur: some 10 ms."""

MAX_CHECKED = 60
"""Number of texts that are checked."""

MAX_READ = 16
"""Number of texts whose occurrences are read."""

_MIN_TEXT_SHARE = 0.02
"""A text is left out if it is rarer than this share of the most frequent one."""

_LONGEST_SYLLABLE = 6
_LETTER = frozenset(ascii_lowercase)
_INITIALS = ("zh", "ch", "sh")
_OTHER_CHARACTER, _SIMILAR_SOUND = -2.0, -5.0
"""Logarithms of how probable it is that a typed character stands for one of the same sound, and
for one of a similar sound."""

_OTHER_READING = -2.5
"""Logarithm of how probable it is that a reading is not the first one of a character."""

Weights = NDArray[np.float32]
"""For each character, the logarithm of its probability; -inf if the edge does not have it."""

Ending = Literal["whole", "unfinished"]

CountedText = tuple[str, int]
"""A text, and how often it occurs."""


@dataclass(frozen=True, slots=True)
class _Edge:
    """A syllable: it leads to the place `end`."""

    end: int
    weights: Weights


@dataclass(frozen=True, slots=True)
class _Texts:
    """Texts that lead to the same place, their last characters and probabilities.

    `weights`: the part of the probability that depends on the sound alone.
    """

    texts: Sequence[str]
    lasts: NDArray[np.int64]
    scores: Weights
    weights: Weights


class Pinyin:
    """The characters of an index by their syllables, and the search for texts."""

    def __init__(self, pairs: Pairs) -> None:
        """Use the characters and the pairs of an index."""
        self.pairs = pairs

    @cached_property
    def _by_syllable(self) -> dict[str, dict[int, float]]:
        """The characters of each syllable, with the weight of the reading."""
        found: defaultdict[str, dict[int, float]] = defaultdict(dict)
        for at, char in enumerate(self.pairs.characters):
            for number, syllable in enumerate(readings_of(char)):
                weight = _OTHER_READING if number else 0.0
                found[syllable][at] = weight
                if syllable in ("lve", "nve"):  # typed with u too
                    found[f"{syllable[0]}ue"][at] = weight
        return dict(found)

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        """The syllables that begin with some letters."""
        found = defaultdict(list)
        for syllable in self._by_syllable:
            for length in range(1, len(syllable) + 1):
                found[syllable[:length]].append(syllable)
        return dict(found)

    @cached_property
    def _similar(self) -> dict[str, list[str]]:
        found = defaultdict(list)
        for syllable in self._by_syllable:
            found[similar_form(syllable)].append(syllable)
        return dict(found)

    def from_letters(
        self, typed: str, evaluation: Evaluation, ending: Ending = "whole"
    ) -> Iterator[CountedText]:
        """Yield what the letters can stand for, best first, each with how often it occurs.

        `typed`: lower-case letters; spaces and apostrophes end a syllable. The letters are whole
        syllables or, if there are three or more, initials. If `ending` is "unfinished", the
        last syllable may lack letters, and the texts may begin or end inside a word. Otherwise
        only whole words are yielded or, if there are none, the beginnings of words.
        """
        pieces = typed.replace("ü", "v").replace("'", " ").split()
        letters = "".join(pieces)
        if not MIN_LETTERS <= len(letters) <= MAX_LETTERS or not _LETTER.issuperset(letters):
            return
        borders = set(np.cumsum([len(piece) for piece in pieces]).tolist())
        found = self._search(self._syllable_edges(letters, borders, ending), evaluation)
        if not found and len(letters) >= MIN_INITIALS:
            found = self._search(self._initial_edges(letters), evaluation)
        if ending == "unfinished":
            yield from found
        else:
            yield from _whole_words(found, evaluation)

    def from_characters(self, folded: str, evaluation: Evaluation) -> Iterator[CountedText]:
        """Yield the texts that sound like this one, best first, each with how often it occurs.

        Only whole words are yielded or, if there are none, the beginnings of words.
        """
        if not 2 <= len(folded) <= MAX_CHARACTERS:
            return
        edges = [[_Edge(at + 1, self._sounding_like(char))] for at, char in enumerate(folded)]
        found = self._search(edges, evaluation, CHARACTERS_BEAM)
        yield from _whole_words([item for item in found if item[0] != folded], evaluation)

    def _sounding_like(self, char: str) -> Weights:
        weights = self._no_characters()
        readings = [syllable for syllable in readings_of(char) if syllable in self._by_syllable]
        for syllable in readings:
            for similar in self._similar[similar_form(syllable)]:
                weights[list(self._by_syllable[similar])] = _SIMILAR_SOUND
        for syllable in readings:
            weights[list(self._by_syllable[syllable])] = _OTHER_CHARACTER
        at = self.pairs.characters.find(char)
        if at >= 0:
            weights[at] = 0
        return weights

    def _no_characters(self) -> Weights:
        # The last number stands for the end of a paragraph. No edge has it.
        return np.full(len(self.pairs.characters) + 1, -np.inf, dtype=np.float32)

    def _syllable_edges(self, letters: str, borders: set[int], ending: Ending) -> list[list[_Edge]]:
        """Return the syllables that begin at each place. None crosses a border."""
        edges: list[list[_Edge]] = []
        for at in range(len(letters)):
            here = []
            for end in range(at + 1, min(at + _LONGEST_SYLLABLE, len(letters)) + 1):
                if letters[at:end] in self._by_syllable:
                    here.append(self._edge(end, [letters[at:end]]))
                elif end == len(letters) and ending == "unfinished":
                    here.append(self._edge(end, self._by_beginning.get(letters[at:end], [])))
                if end in borders:
                    break
            edges.append(here)
        return edges

    def _initial_edges(self, letters: str) -> list[list[_Edge]]:
        """Return the syllables that each letter, or zh, ch or sh, can be the beginning of."""
        edges = []
        for at, letter in enumerate(letters):
            here = [self._edge(at + 1, self._by_beginning.get(letter, []))]
            if (two := letters[at : at + 2]) in _INITIALS:
                here.append(self._edge(at + 2, self._by_beginning.get(two, [])))
            edges.append(here)
        return edges

    def _edge(self, end: int, syllables: Sequence[str]) -> _Edge:
        weights = self._no_characters()
        for syllable in syllables:
            chosen, of_readings = zip(*self._by_syllable[syllable].items(), strict=True)
            at = list(chosen)
            weights[at] = np.maximum(weights[at], of_readings)
        return _Edge(end, weights)

    def _search(
        self, edges: list[list[_Edge]], evaluation: Evaluation, beam: int = BEAM
    ) -> list[CountedText]:
        """Return the most probable texts that occur, best first."""
        reached: defaultdict[int, list[_Texts]] = defaultdict(list)
        for edge in edges[0]:
            weights = edge.weights[:-1]
            scores = weights + self.pairs.log_totals
            best = _best(scores, beam)
            texts = [self.pairs.characters[at] for at in best.tolist()]
            reached[edge.end].append(_Texts(texts, best, scores[best], weights[best]))
        for at, here in enumerate(edges[1:], start=1):
            if at in reached and here:
                kept = _merged(reached.pop(at), beam)
                for edge, continued in zip(here, self._continued(kept, here, beam), strict=True):
                    reached[edge.end].append(continued)
        if len(edges) not in reached:
            return []
        last = _merged(reached[len(edges)], beam)
        work = 0
        found: list[tuple[float, CountedText]] = []
        for text, weight in zip(last.texts[:MAX_CHECKED], last.weights.tolist(), strict=False):
            occurrences = evaluation.occurrences(text)
            work += occurrences.work * (len(text) > 1)
            if work > MAX_WORK and found:
                break
            if len(text) > 1 and (count := len(occurrences.positions)):
                found.append((weight + log(count), (text, count)))
        found.sort(key=lambda item: (-item[0], item[1]))
        return [item for _, item in found]

    def _continued(self, kept: _Texts, edges: Sequence[_Edge], beam: int) -> Iterator[_Texts]:
        """Yield, for each edge, the most probable texts with one more character."""
        pairs = self.pairs
        chosen, count = pairs.beginning_with(kept.lasts)
        before = np.repeat(np.arange(len(kept.texts)), count)
        seconds = pairs.seconds[chosen]
        scores = (kept.scores - pairs.log_totals[kept.lasts])[before] + pairs.log_counts[chosen]
        for edge in edges:
            weights = edge.weights[seconds]
            weighted = scores + weights
            best = _best(weighted, beam)
            lasts = seconds[best].astype(np.int64)
            texts = [
                kept.texts[text] + pairs.characters[last]
                for text, last in zip(before[best].tolist(), lasts.tolist(), strict=True)
            ]
            sums = kept.weights[before[best]] + weights[best]
            yield _Texts(texts, lasts, weighted[best], sums)


def _best(scores: Weights, most: int) -> NDArray[np.int64]:
    """Return the indices of the highest scores, highest first, at most `most`."""
    possible = np.flatnonzero(scores > -np.inf)
    if len(possible) > most:
        possible = possible[np.argpartition(-scores[possible], most)[:most]]
    return possible[np.argsort(-scores[possible], kind="stable")]


def _merged(found: Sequence[_Texts], most: int) -> _Texts:
    """Return the most probable distinct texts, most probable first, at most `most`."""
    scores = np.concatenate([texts.scores for texts in found])
    order = np.argsort(-scores, kind="stable")
    every = [text for texts in found for text in texts.texts]
    first: dict[str, int] = {}
    for at in order.tolist():
        first.setdefault(every[at], at)
    best = list(first.values())[:most]
    return _Texts(
        list(first)[:most],
        np.concatenate([texts.lasts for texts in found])[best],
        scores[best],
        np.concatenate([texts.weights for texts in found])[best],
    )


def _whole_words(found: Sequence[CountedText], evaluation: Evaluation) -> list[CountedText]:
    """Return the texts that are whole words; without any, those that begin a word.

    Texts that are much rarer than others are left out.
    """
    read = found[:MAX_READ]
    whole = [item for item in read if is_whole_words(item[0], evaluation)]
    whole = whole or [item for item in read if begins_word(item[0], evaluation)]
    most = max((count for _, count in whole), default=0)
    return [item for item in whole if item[1] >= _MIN_TEXT_SHARE * most]
