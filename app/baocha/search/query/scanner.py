"""Scan the characters of a query for words, phrases and operators."""

import re
from dataclasses import dataclass, field

from baocha.search.query.quotes import CLOSING, QUOTES, quoted_at
from baocha_indexer.messages import Message
from baocha_indexer.text import fold

OPEN, CLOSE, EITHER, WITHOUT, EXACTLY = "(（", ")）", "|｜", "-－−–", "=＝"
_VALUES = re.compile(r"[(（]([^()（）]*)[)）]")
SEPARATORS = "，、,；;。！？!?"
"""Marks that separate the words of a query. They are not searched at the ends of a word."""
_AFTER_PHRASE = frozenset(SEPARATORS) | frozenset(CLOSING)
_OR_WORD = re.compile(r"(?:OR|ＯＲ)(?=[\s(（\"“「]|$)")
DISTANCE = re.compile(r"\s*[~～]\s?(\d{1,6})(?![\d.%％])")


@dataclass
class Scanner:
    """A position in the text of a query. `depth` is the number of groups open there."""

    text: str
    at: int = 0
    depth: int = 0
    warnings: list[Message] = field(default_factory=list)

    def warn(self, zh: str, en: str) -> None:
        """Add a warning about a part that was not understood."""
        self.warnings.append(Message(zh=zh, en=en))

    def skip_space(self) -> None:
        """Advance to the next character that is not white space."""
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def peek(self) -> str:
        """Return the current character, or an empty string at the end."""
        return self.text[self.at : self.at + 1]

    def at_end(self) -> bool:
        """Skip white space; return whether the group or the query ends here."""
        self.skip_space()
        return self.at == len(self.text) or (self.depth > 0 and self.peek() in CLOSE)

    def take_or(self) -> bool:
        """Consume an "or" if there is one here; return whether there was."""
        if self.peek() and self.peek() in EITHER:
            self.at += 1
            return True
        if match := _OR_WORD.match(self.text, self.at):
            self.at = match.end()
            return True
        return False

    def ends_word(self, at: int) -> bool:
        """Return whether a word can end before `at`."""
        rest = self.text[at : at + 1]
        return not rest or rest.isspace() or rest in EITHER or (self.depth > 0 and rest in CLOSE)

    def run(self) -> str:
        """Consume and return the characters up to the end of the word.

        A bracket that is not closed inside the word begins a group: 企业(建设 | 服务).
        """
        start = self.at
        opened: list[int] = []
        while self.at < len(self.text):
            char = self.text[self.at]
            closes = char in CLOSE
            if char.isspace() or char in EITHER or (closes and self.depth > 0 and not opened):
                break
            if char in OPEN:
                opened.append(self.at)
            elif closes and opened:
                opened.pop()
            self.at += 1
        if opened and opened[0] > start:
            self.at = opened[0]
        return self.text[start : self.at]

    def quoted(self) -> str | None:
        """Consume a quoted phrase and return its inside, or None if the marks are text."""
        found = quoted_at(self.text, self.at, self.ends_phrase)
        if found is None or (not found.closed and not fold(found.inside)):
            return None
        if not found.closed:
            self.warn(
                "引号不成对，已按延续到查询末尾处理",
                "a quotation mark is not closed; the phrase is taken to end with the query",
            )
        self.at = found.end
        return found.inside

    def ends_phrase(self, at: int) -> bool:
        """Return whether a phrase may close before `at`. Another phrase may follow directly."""
        following = self.text[at + 1 : at + 2]
        return (
            self.ends_word(at)
            or self.text[at] in _AFTER_PHRASE
            or (self.text[at] in WITHOUT and following != "" and following in CLOSING)
            or DISTANCE.match(self.text, at) is not None
            or _OR_WORD.match(self.text, at) is not None
        )

    def field_values(self) -> list[str]:
        """Consume and return the values of a field: one, or several in brackets.

        Example: 部门:(水务局 | 教育局).
        """
        marks = "".join(QUOTES)
        group = _VALUES.match(self.text, self.at)
        if group is not None:
            self.at = group.end()
            runs = re.split(r"[|｜\s]+", group[1])
            values = [run.strip(marks) for run in runs]
        else:
            quoted = self.quoted() if self.peek() in QUOTES else None
            values = [self.run() if quoted is None else quoted]
        return [value for value in values if fold(value.strip(marks))]
