"""Cut a run that was typed without spaces into the words that must all occur."""

import re

from indexer.words import words_of

_HAN = r"\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
# A figure keeps what follows it (2022年度, 13万); signs that belong to words and figures
# stay (c#, 97.60%, sqg15-02); other marks part words and are no words.
_RUN = re.compile(rf"[{_HAN}]+|[^\s{_HAN}]+")
_HAN_CHARACTER = re.compile(rf"[{_HAN}]")
_FIGURE = re.compile(r"[0-9.]+")
_MARKS = "\"'[]()<>《》,.;:!?、。·~…|/\\`{}“”"


def units_of(folded: str) -> tuple[str, ...]:
    """Return the words of a folded run, in order, each once; the run itself if it has none."""
    units: list[str] = []
    figure = ""
    for match in _RUN.finditer(folded):
        run = match[0]
        if _HAN_CHARACTER.match(run):
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
