"""A sentence for users, in Chinese and in English.

All texts for users are Messages. Both languages are written next to each other, so that neither
is forgotten. The code that shows the message chooses the language.
"""

from unicodedata import category

# Neither `typing` nor `dataclasses` is imported: each would take a sixth of the processor time of
# `baocha search --server`, or more. Type checkers know this name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Language = Literal["zh", "en"]
else:
    Language = str


class Message:
    """A complete sentence in both languages, without placeholders. It is never changed."""

    __slots__ = ("en", "zh")

    def __init__(self, zh: str, en: str) -> None:
        """Both are sentences, or parts of one, for the same place."""
        self.zh = zh
        self.en = en

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.zh, self.en) == (other.zh, other.en)

    def __hash__(self) -> int:
        return hash((self.zh, self.en))

    def __repr__(self) -> str:
        return f"Message(zh={self.zh!r}, en={self.en!r})"

    def render(self, language: Language) -> str:
        """Return the sentence in `language`, on one line.

        Line breaks and control characters, which file names may contain, become U+FFFD. Wide
        spaces, which Chinese headings may contain, are kept.
        """
        text = self.en if language == "en" else self.zh
        if text.isprintable():
            return text
        return "".join(
            char if char.isprintable() or category(char) == "Zs" else "\ufffd" for char in text
        )


def counted(number: int, noun: str) -> str:
    """Return a number with its English noun, in the plural unless the number is 1."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
