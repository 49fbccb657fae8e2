"""Reports to index, for tests of the store."""

from collections.abc import Sequence

from indexer.model import IndexedReport, Metadata, Paragraph, Report


def report(
    name: str, texts: Sequence[str], year: int | None = 2022
) -> tuple[IndexedReport, Report]:
    """Return a report of some paragraphs and its entry; sections and roles by turns."""
    paragraphs = tuple(
        Paragraph(
            ordinal=at,
            text=text,
            role="heading" if at % 3 == 1 else "body",
            section=f"第{at % 2}节",
            section_path=(f"{at % 2}、节",),
            page=at if at % 2 else None,
        )
        for at, text in enumerate(texts, start=1)
    )
    metadata = Metadata(title=f"{name}的报告", department=f"{name}局", year=year, kind="其他")
    entry = IndexedReport(
        id=name,
        source=f"{name}.txt",
        path=f"/reports/{name}.txt",
        sha256="0" * 64,
        title=metadata.title,
        department=metadata.department,
        year=year,
        kind=metadata.kind,
        paragraphs=len(paragraphs),
    )
    return entry, Report(metadata, paragraphs, ())
