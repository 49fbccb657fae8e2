"""One sentence for a person, in Chinese and in English.

Everything this project says to its users passes through `Message`: the two languages
are written side by side where the sentence is made, so neither can be forgotten, and
the language is chosen where the sentence is shown.
"""

from dataclasses import dataclass
from typing import Literal
from unicodedata import category

Language = Literal["zh", "en"]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence in both languages, complete: nothing is filled in later."""

    zh: str
    en: str

    def render(self, language: Language) -> str:
        """Return the sentence in `language`, on one line.

        File names may hold line breaks and control characters; a message never does. The
        wide space of Chinese headings is a space.
        """
        text = self.en if language == "en" else self.zh
        if text.isprintable():
            return text
        return "".join(
            char if char.isprintable() or category(char) == "Zs" else "\ufffd" for char in text
        )
