"""Cut a run that was typed without spaces into the words that must all occur."""

import re
from collections.abc import Iterator

from baocha_indexer.text import han_runs, words_of

# A figure keeps what follows it (2022年度, 13万); signs that belong to words and figures
# stay (c#, 97.60%, sqg15-02); other marks part words and are no words.
_FIGURE = re.compile(r"[0-9.]+")
_MARKS = "\"'[]()<>《》,.;:!?、。·~…|/\\`{}“”"


def units_of(folded: str) -> tuple[str, ...]:
    """Return the words of a folded run, in order, each once; the run itself if it has none."""
    units: list[str] = []
    figure = ""
    for is_han, run in _runs(folded):
        if is_han:
            for word, _ in words_of(run):
                units.append(figure + word)
                figure = ""
            continue
        units += [figure] if figure else []
        figure = ""
        stripped = run.strip(_MARKS)
        if not stripped:
            continue
        if _FIGURE.fullmatch(stripped) and run.endswith(stripped):
            figure = stripped
        else:
            units.append(stripped)
    units += [figure] if figure else []
    return tuple(dict.fromkeys(units)) or (folded,)


def _runs(folded: str) -> Iterator[tuple[bool, str]]:
    """Yield runs of Han characters, and what stands between them without spaces."""
    for is_han, run in han_runs(folded):
        yield from ((is_han, piece) for piece in run.split())
