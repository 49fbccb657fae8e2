"""A folder of small reports that change at random, its index, and the expected content."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from tests.indexer.store.reports import (
    Paragraphs,
    check_index,
    declared_terms,
    indexed_terms,
    parsed_texts,
)

NAMES = [f"{name}.txt" for name in "甲乙丙丁戊己庚辛壬癸子丑"]
PHRASES = ("绩效", "第1稿", "第7稿", "执行率", "效")


class History:
    """Reports that change at random.

    `files` has the current text of each report, `indexed` the paragraphs that were in the index at
    the last check, `terms` the synonyms that were in it.
    """

    def __init__(self, folder: Path, random: Random) -> None:
        """Start without reports and without an index."""
        self.reports, self.index = folder / "reports", folder / "new" / "index"
        self.reports.mkdir()
        self._random = random
        self._draft = 0
        self.files: dict[str, str] = {}
        self.indexed: dict[str, Paragraphs] = {}
        self.terms: set[str] = set()
        self.synonyms = ""

    def change(self) -> None:
        """Add, change and remove some reports. One always stays: an empty folder is refused.

        Half of the time the synonyms change too.
        """
        if self._random.random() < 0.5:
            self._draft += 1
            self.synonyms = f"等级,词语\n等同,第{self._draft}稿、绩效\n"
            (self.reports / "synonyms.csv").write_text(self.synonyms, "utf-8")
        for name in self._random.sample(NAMES, self._random.randint(1, len(NAMES))):
            self._draft += 1
            path = self.reports / name
            if name in self.files and len(self.files) > 1 and self._random.random() < 0.25:
                path.unlink()
                del self.files[name]
                continue
            body = "".join(
                f"预算绩效第{self._draft % 10}稿{line}，执行率 {self._draft}%。\n"
                for line in range(self._random.randint(1, 40))
            )
            self.files[name] = f"2022年度{name[0]}局部门整体支出绩效自评报告\n一、概况\n{body}"
            path.write_text(self.files[name], "utf-8")

    def check(self) -> str:
        """Check the index after a run that may have failed. Return an error, or an empty text."""
        allowed: Sequence[dict[str, Paragraphs]] = [self.indexed, parsed_texts(self.files)]
        try:
            self.indexed = check_index(self.index, allowed, PHRASES)
            terms = indexed_terms(self.index)
            if terms not in (self.terms, declared_terms({"synonyms.csv": self.synonyms})):
                return f"the synonyms are {terms}"
            self.terms = terms
        except Exception as error:  # noqa: BLE001 — the campaign looks for any error
            return f"{type(error).__name__}: {error}"
        return ""
