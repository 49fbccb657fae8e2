"""Write indexer/baocha_indexer/text/simplified.py from OpenCC's character table: python -m tools.make_simplified."""

import unicodedata
from pathlib import Path

import opencc

HAN_RANGES = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2EBEF), (0x30000, 0x323AF))
DESTINATION = Path(__file__).parent.parent / "indexer/baocha_indexer/text/simplified.py"
HEADER = '''"""Traditional to simplified Chinese, one character for one character.

`TRADITIONAL[i]` is written `SIMPLIFIED[i]`. Source: OpenCC's t2s conversion (Apache
License 2.0) applied to single Han characters, followed until nothing changes. A fixed
table rather than a call to OpenCC, so that what is folded alike today is folded alike
by every later version. Made by `python -m tools.make_simplified`; do not edit.
"""

'''
PER_LINE = 40


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


def _literal(name: str, text: str) -> str:
    rows = [text[at : at + PER_LINE] for at in range(0, len(text), PER_LINE)]
    return f"{name} = (\n" + "".join(f'    "{row}"\n' for row in rows) + ")\n"


def main() -> None:
    """Write the module."""
    pairs = simplified_characters()
    DESTINATION.write_text(
        HEADER
        + _literal("TRADITIONAL", "".join(pairs))
        + _literal("SIMPLIFIED", "".join(pairs.values())),
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
