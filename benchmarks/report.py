"""Make the page `docs/benchmarks.md` and its plots from the results file.

python -m benchmarks.report
"""

import json
from pathlib import Path

import click

from benchmarks.page import page
from benchmarks.plots import write_plots
from benchmarks.results import RESULTS


@click.command()
@click.option(
    "--results",
    "path",
    type=click.Path(exists=True, path_type=Path),
    default=RESULTS,
    help="The results file. The page is written beside its folder, the plots into its folder.",
)
def main(path: Path) -> None:
    """Write the page and the plots."""
    results = json.loads(path.read_text("utf-8"))
    path.parent.with_suffix(".md").write_text(page(results), "utf-8")
    write_plots(results, path.parent)


if __name__ == "__main__":
    main()
