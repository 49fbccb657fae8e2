"""The runs of texts, found by comparing every pair of characters."""

from collections.abc import Iterator

LEAST = 25


def runs_of(first: str, second: str, least: int = LEAST) -> Iterator[tuple[int, int, int]]:
    """Yield the start in each text and the length of every run that cannot be extended.

    Two equal texts have one run, the whole.
    """
    if first == second:
        if len(first) >= least:
            yield 0, 0, len(first)
        return
    before = [0] * (len(second) + 1)
    for at, char in enumerate(first):
        now = [0] * (len(second) + 1)
        for other_at, other in enumerate(second):
            if char == other:
                now[other_at + 1] = before[other_at] + 1
        for other_end in range(1, len(second) + 1):
            length = before[other_end]
            continues = other_end < len(second) and second[other_end] == char
            if length >= least and not continues:
                yield at - length, other_end - length, length
        before = now
    for other_end, length in enumerate(before):
        if length >= least:
            yield len(first) - length, other_end - length, length
