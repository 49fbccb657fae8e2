"""A sentence for users, in Chinese and in English.

All texts for users are Messages. Both languages are written next to each other, so that neither
is forgotten. The code that shows the message chooses the language.
"""

from dataclasses import dataclass
from typing import Literal
from unicodedata import category

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """A complete sentence in both languages, without placeholders."""

    zh: str
    en: str

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
