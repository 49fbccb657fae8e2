"""The result of a part of the campaign."""

from dataclasses import dataclass, field


@dataclass
class Outcome:
    """The number of trials, the number of each kind of result, and the errors."""

    trials: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def count(self, kind: str) -> None:
        """Count one more result of a kind."""
        self.counts[kind] = self.counts.get(kind, 0) + 1

    def __str__(self) -> str:
        kinds = "".join(f", {count:,} {kind}" for kind, count in sorted(self.counts.items()))
        first = f" (first: {self.wrong[0]})" if self.wrong else ""
        return f"{self.trials:,} trials{kinds}, {len(self.wrong)} wrong{first}"
