"""`baocha index`."""

import signal
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import click

from baocha.cli.console import ERROR, FOUND, print_message, to_json
from baocha.cli.options import index_option, json_option, setting_option
from baocha.cli.progress import progress_bar
from baocha.cli.usage import LANGUAGE, Command, examples, localized
from baocha.search import local_path, unencrypted_login, writer_of
from baocha.settings import load
from baocha_indexer.build import Summary, build_index
from baocha_indexer.errors import DamagedIndexError, EmptyFolderError, IndexUnusableError
from baocha_indexer.extract import SUFFIXES
from baocha_indexer.memory import memory_limits
from baocha_indexer.messages import Language, Message, counted
from baocha_indexer.sources import Digests, changes

_RETRY_SECONDS = 2.0
_MAX_NOTES = 20
"""Maximum number of warnings printed. A thousand would hide the failures."""


class _SourcePath(click.Path):
    """A path that is not empty. A script with an unset variable passes an empty one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path. Raises BadParameter if it is empty, which would mean this folder."""
        if not value:
            self.fail(localized("路径为空", "the path is empty"), param, ctx)
        return super().convert(value, param, ctx)


@click.command(
    "index",
    cls=Command,
    help=localized(
        f"索引报告：文件或文件夹（可读取 {' '.join(SUFFIXES)}）。再次运行时仅处理有变化的文件，"
        "文件已删除的报告从索引中移除。如果文件夹中原有报告、现在一份也没有（例如共享文件夹未挂载），"
        "则报错，不改动索引。",
        f"Index reports: files or folders (reads {', '.join(SUFFIXES)}). Later runs process only "
        "changed files and remove reports whose files are deleted. If a folder had reports "
        "before and now has none (for example, because a share is not mounted), baocha stops with "
        "an error and leaves the index unchanged.",
    ),
    epilog=examples("baocha index corpus", "baocha index 2022 2023 --index /srv/baocha --watch"),
)
@click.argument(
    "paths", nargs=-1, required=True, type=_SourcePath(path_type=Path), metavar="PATH..."
)
@index_option
@click.option(
    "--rebuild",
    is_flag=True,
    help=localized(
        "重新建立索引，仅包含本次指定的报告，其他报告将移除；用于修复损坏的索引",
        "Build a new index with only the given reports and remove all others; this repairs a "
        "damaged index.",
    ),
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help=localized(
        "读取文件的进程数；默认自动选择",
        "Read files in N processes; chosen automatically by default.",
    ),
)
@setting_option("memory", "MB")
@setting_option("least-execution", "PERCENT")
@setting_option("template-share", "SHARE")
@click.option(
    "--watch",
    is_flag=True,
    help=localized(
        "建立索引后继续监视文件夹，文件有变化时更新索引；按 Ctrl+C 停止",
        "Keep running and index changes; Ctrl+C stops it.",
    ),
)
@click.option(
    "--follow-links",
    is_flag=True,
    help=localized(
        "同时读取指向其他文件夹中文件的符号链接；默认跳过",
        "Also read symbolic links to files in other folders; by default they are skipped.",
    ),
)
@json_option
def command(
    *,
    paths: Sequence[Path],
    index: str,
    rebuild: bool,
    jobs: int | None,
    memory: str | None,
    least_execution: str | None,
    template_share: str | None,
    watch: bool,
    follow_links: bool,
    as_json: bool,
) -> int:
    """Index files and folders."""
    # SIGTERM stops a service, and a closed terminal sends SIGHUP. Handle both like Ctrl+C: save
    # what was read, then stop.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if hasattr(signal, "SIGHUP"):  # not on Windows
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    digests = Digests()
    settings = load(
        {"memory": memory, "least-execution": least_execution, "template-share": template_share}
    )
    folder, credentials = local_path(index), settings.credentials
    if warning := unencrypted_login(index, credentials):
        print_message(warning)

    def run(*, anew: bool, following: bool = False) -> Summary:
        started = time.perf_counter()
        with progress_bar() as progress:
            summary = build_index(
                paths,
                folder,
                open_writer=writer_of(index, paths, rebuild=anew, credentials=credentials),
                rebuild=anew,
                jobs=jobs,
                progress=progress,
                digests=digests,
                follow_links=follow_links,
                limits=memory_limits(settings.memory),
                least_execution=settings.least_execution,
                template_share=settings.template_share,
            )
        if summary.indexed or summary.removed or summary.vocabulary or not following:
            _print_summary(summary, time.perf_counter() - started, as_json=as_json)
        return summary

    try:
        summary = run(anew=rebuild)
        if watch:
            _follow(paths, folder, lambda: run(anew=False, following=True))
    except KeyboardInterrupt:
        if watch:
            return FOUND
        print_message(_interrupted(anew=rebuild))
        return ERROR
    is_damaged = isinstance(summary.unmerged, DamagedIndexError)
    return ERROR if summary.achieved_nothing or is_damaged else FOUND


def _follow(paths: Sequence[Path], folder: Path, run: Callable[[], Summary]) -> None:
    """Run again after each change. If the index cannot be written, retry until it can."""
    print_message(Message(zh="正在监视文件变化，按 Ctrl+C 停止", en="watching; Ctrl+C stops it"))
    for _ in changes(paths, folder):
        printed = ""
        while True:
            try:
                run()
                break
            except EmptyFolderError as error:
                # The share is not mounted. When it is mounted again, that is another change.
                print_message(error.message)
                break
            except IndexUnusableError as error:
                # Another process is writing, or the disk is full: retry.
                if error.message.en != printed:
                    print_message(error.message)
                printed = error.message.en
                time.sleep(_RETRY_SECONDS)


def _interrupted(*, anew: bool) -> Message:
    if anew:
        return Message(zh="已中断；索引未改动", en="interrupted; the index is unchanged")
    return Message(
        zh="已中断；已读取的报告已保存，再次运行将继续",
        en="interrupted; reports already read are saved; run again to continue",
    )


def _print_summary(summary: Summary, seconds: float, *, as_json: bool) -> None:
    """Print the result of a run: problems on stderr, the summary on stdout."""
    if summary.outdated:
        print_message(
            Message(
                zh="索引由另一版本建立，已全部重建",
                en="the index was made by another version and was rebuilt",
            )
        )
    if summary.repaired:
        print_message(
            Message(
                zh=f"索引中原有 {summary.repaired:,} 份报告重复（早期版本的缺陷），已修复",
                en=f"repaired {counted(summary.repaired, 'report')} that the index had twice because of "
                "a defect in an earlier version",
            )
        )
    for problem in summary.failed:
        name, reason = problem.name, problem.message
        print_message(Message(zh=f"未索引 {name}：{reason.zh}", en=f"skipped {name}: {reason.en}"))
    for warning in summary.warnings[:_MAX_NOTES]:
        name, reason = warning.name, warning.message
        print_message(Message(zh=f"注意 {name}：{reason.zh}", en=f"note on {name}: {reason.en}"))
    if (more := len(summary.warnings) - _MAX_NOTES) > 0:
        print_message(
            Message(
                zh=f"另有 {more:,} 条注意未列出，--json 列出全部",
                en=f"{more:,} more notes are not listed; --json lists all",
            )
        )
    if as_json:
        click.echo(to_json(_summary_dict(summary, seconds, LANGUAGE)))
    else:
        for line in _summary_lines(summary, seconds):
            click.echo(line.render(LANGUAGE))
    if summary.unmerged:
        reason = summary.unmerged.message
        print_message(
            Message(
                zh=f"报告已存入索引，但索引段未能合并：{reason.zh}",
                en=f"the reports are in the index, but its segments could not be merged: "
                f"{reason.en}",
            )
        )
    if summary.achieved_nothing and not summary.failed:
        kinds = " ".join(SUFFIXES)
        print_message(Message(zh=f"没有找到可读的文件（{kinds}）", en=f"no file to read ({kinds})"))


def _summary_dict(summary: Summary, seconds: float, language: Language) -> dict[str, Any]:
    """Return the JSON values of `index --json`."""
    return {
        "indexed": summary.indexed,
        "unchanged": len(summary.unchanged),
        "removed": summary.removed,
        "failed": [
            {"source": failure.name, "reason": failure.message.render(language)}
            for failure in summary.failed
        ],
        "warnings": [
            {"source": warning.name, "warning": warning.message.render(language)}
            for warning in summary.warnings
        ],
        "ignored": dict(summary.ignored.most_common()),
        "unknown_departments": summary.unknown_departments,
        "unknown_years": summary.unknown_years,
        "paragraphs": summary.paragraphs,
        "seconds": round(seconds, 3),
    }


def _summary_lines(summary: Summary, seconds: float) -> Iterator[Message]:
    """Yield the lines of the summary of a run."""
    yield Message(
        zh=f"新增或更新 {len(summary.indexed)} 份（{summary.paragraphs:,} 段），"
        f"未变 {len(summary.unchanged)} 份，移除 {len(summary.removed)} 份，"
        f"失败 {len(summary.failed)} 份，用时 {seconds:.1f} 秒",
        en=f"indexed {len(summary.indexed)} ({counted(summary.paragraphs, 'paragraph')}), "
        f"unchanged {len(summary.unchanged)}, removed {len(summary.removed)}, "
        f"failed {len(summary.failed)}, in {seconds:.1f} s",
    )
    if summary.unknown_departments or summary.unknown_years:
        yield Message(
            zh=f"索引中未识别部门的报告 {summary.unknown_departments} 份，"
            f"未识别年度的报告 {summary.unknown_years} 份；可在同一文件夹的 metadata.csv 中写明",
            en=f"reports without a department: {summary.unknown_departments}, without a year: "
            f"{summary.unknown_years}; add them to metadata.csv in the same folder",
        )
    if summary.vocabulary and summary.vocabulary.folders:
        groups = sum(len(part.groups) for part in summary.vocabulary.folders)
        departments = len(summary.vocabulary.departments)
        expected = len(summary.vocabulary.expected)
        yield Message(
            zh=f"已采用 synonyms.csv 中的词语 {groups:,} 组、departments.csv 中的部门 {departments:,} 个、"
            f"expected.csv 中的应报报告 {expected:,} 份",
            en=f"using {counted(groups, 'group')} of synonyms.csv, "
            f"{counted(departments, 'department')} of departments.csv and "
            f"{counted(expected, 'report')} of expected.csv",
        )
    if summary.ignored:
        kinds = "、".join(
            f"{suffix or '—'} {count}" for suffix, count in summary.ignored.most_common()
        )
        yield Message(
            zh=f"另有 {summary.ignored.total()} 个文件格式不支持：{kinds}",
            en=f"other files, in formats that cannot be read: {summary.ignored.total()}; "
            f"{kinds.replace('、', ', ')}",
        )
