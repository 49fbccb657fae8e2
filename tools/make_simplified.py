"""Write indexer/baocha_indexer/text/simplified.txt from OpenCC's character table: python -m tools.make_simplified."""

import unicodedata
from pathlib import Path

import opencc

HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2EBEF), (0x30000, 0x323AF))
DESTINATION = Path(__file__).parent.parent / "indexer/baocha_indexer/text/simplified.txt"
PAIRS_PER_LINE = 25


def simplified_characters() -> dict[str, str]:
    """Return every Han character that OpenCC simplifies, with its final simplified form."""
    convert = opencc.OpenCC("t2s").convert
    pairs = {}
    for first, last in HAN_RANGES:
        for code in range(first, last + 1):
            char = chr(code)
            simple = convert(char)
            while simple != convert(simple):
                simple = convert(simple)
            if simple != char and len(simple) == 1 and unicodedata.is_normalized("NFKC", char):
                pairs[char] = simple
    return pairs


def main() -> None:
    """Write the table: each traditional character is followed by its simplified form."""
    pairs = [traditional + simple for traditional, simple in simplified_characters().items()]
    starts = range(0, len(pairs), PAIRS_PER_LINE)
    lines = ["".join(pairs[at : at + PAIRS_PER_LINE]) + "\n" for at in starts]
    DESTINATION.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
