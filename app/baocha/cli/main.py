"""Run a command of click, and show each error in one line."""

import os
from collections.abc import Sequence

import click

from baocha.cli.commands import cli
from baocha.cli.console import ERROR, INTERRUPTED, print_message
from baocha.cli.usage import localized, usage_message
from baocha_indexer.errors import BaochaError, IndexUnusableError, shortage
from baocha_indexer.messages import Message

# Before NumPy is loaded. It would start a thread for each core, for products of matrices. Neither this
# process nor the processes it starts calculate any, and starting the threads takes longer than
# loading NumPy.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

TRACEBACK_VARIABLE = "BAOCHA_TRACEBACK"
"""If this variable is set, the traceback of an unexpected error is shown."""


def run(arguments: Sequence[str]) -> int:
    """Run one command line with click and return its exit code. Every error is one line on stderr."""
    try:
        # Not cli.main(): it ends the process with exit code 1 if the reader closes the pipe.
        color = False if os.environ.get("NO_COLOR") else None  # https://no-color.org
        with cli.make_context("baocha", list(arguments), color=color) as context:
            code = cli.invoke(context)
    except click.exceptions.Exit as ended:  # by --help and --version
        return ended.exit_code
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message())
        return ERROR
    except click.ClickException as error:
        print_message(usage_message(error))
        return ERROR
    except BaochaError as error:
        # The cause may be a shortage of file descriptors or memory, not the index.
        cause = shortage(error) if isinstance(error, IndexUnusableError) else None
        print_message(cause or error.message)
        return ERROR
    except (click.Abort, KeyboardInterrupt):
        print_message(localized("已中断；索引未改动", "interrupted; the index is unchanged"))
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get(TRACEBACK_VARIABLE):
            raise
        is_system_error = isinstance(error, OSError) and error.strerror
        print_message(shortage(error) or (system_error if is_system_error else _unexpected)(error))
        return ERROR
    return int(code or 0)


def system_error(error: Exception) -> Message:
    """Return the message for an error of the operating system, such as a full disk."""
    name = getattr(error, "filename", None)
    what = f"{getattr(error, 'strerror', error)}{f' ({name})' if name else ''}"
    return Message(
        zh=f"操作系统报告错误：{what}；请检查磁盘、文件夹和输出",
        en=f"the system reports an error: {what}; check the disk, the folders and the output",
    )


def _unexpected(error: Exception) -> Message:
    """Return the message for an unexpected error: a defect, or an altered index file."""
    what = f"{type(error).__name__}: {error}"
    return Message(
        zh=f"内部错误（{what}）；如索引文件曾被改动，请用 baocha index --rebuild 重建；"
        f"设置 {TRACEBACK_VARIABLE}=1 可查看详情",
        en=f"internal error ({what}); if an index file was altered, rebuild it with "
        f"baocha index --rebuild; set {TRACEBACK_VARIABLE}=1 to see more",
    )
