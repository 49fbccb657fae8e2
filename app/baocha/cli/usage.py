"""Help and usage errors in the language of the user. click itself has only English."""

from typing import Any

import click

from baocha.language import language_of
from baocha_indexer.messages import Message

LANGUAGE = language_of()


def localized(zh: str, en: str) -> str:
    """Return the text in the language of this process."""
    return Message(zh=zh, en=en).render(LANGUAGE)


def examples(*lines: str) -> str:
    """Return example command lines for the end of a help text, one on each line."""
    # The backspace tells click to keep the line breaks.
    return "\n".join(["\b", localized("例：", "Examples:"), *(f"  {line}" for line in lines)])


class Command(click.Command):
    """A command whose help is in the user's language."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        if LANGUAGE == "zh":
            words = {"[OPTIONS]": "[选项]", "COMMAND [ARGS]...": "命令 [参数]..."}
            for english, chinese in words.items():
                pieces = pieces.replace(english, chinese)
        formatter.write_usage(ctx.command_path, pieces, prefix=localized("用法：", "Usage: "))

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [r for p in options if (r := p.get_help_record(ctx)) is not None]
        with formatter.section(localized("选项", "Options")):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option `--help` with its help text in the user's language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = localized("显示本说明", "Show this message and exit.")
        return option


class Group(Command, click.Group):
    """A group of commands whose help is in the user's language."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        names = self.list_commands(ctx)
        found = [(name, command) for name in names if (command := self.get_command(ctx, name))]
        rows = [(name, command.get_short_help_str(80)) for name, command in found]
        with formatter.section(localized("命令", "Commands")):
            formatter.write_dl(rows)


def usage_message(error: click.ClickException) -> str:
    """Return a one-line message for a usage error, with a reference to `--help`."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "baocha"
    what = " ".join(_what_is_wrong(error).split()).rstrip(".")
    return what + localized(f"；用法见 {path} --help", f"; see {path} --help")


def _what_is_wrong(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        meant = "、".join(error.possibilities or ())
        hint = localized(f"，是不是 {meant}？", f"; did you mean {meant}?") if meant else ""
        if not (error.option_name or "").isascii():
            hint = localized(
                "；以 - 开头的查询写在 -- 之后", "; put a query that begins with - after --"
            )
        return localized(f"没有选项 {error.option_name}", f"no option {error.option_name}") + hint
    if isinstance(error, click.MissingParameter):
        return localized(f"缺少 {_name(error)}", f"missing {_name(error)}")
    if isinstance(error, click.BadParameter):
        zh = _expected(error.param) or error.message
        return localized(f"{_name(error)} 不对：{zh}", f"bad {_name(error)}: {error.message}")
    if isinstance(error, click.exceptions.NoSuchCommand):
        return localized(f"没有命令 {error.command_name}", error.format_message())
    return error.format_message()


def _expected(parameter: click.Parameter | None) -> str | None:
    """Return, in Chinese, which values a type of click accepts; None for our own types."""
    kind = parameter.type if parameter else None
    if isinstance(kind, click.Choice):
        return "只能是 " + "、".join(str(choice) for choice in kind.choices)
    if isinstance(kind, click.IntRange):
        upper = "" if kind.max is None else f"、不大于 {kind.max}"
        return f"要写不小于 {kind.min}{upper} 的整数"
    return None


def _name(error: click.BadParameter) -> str:
    parameter: Any = error.param
    if parameter is None:
        return str(error.param_hint or "")
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return str(parameter.make_metavar(error.ctx)) if error.ctx else str(parameter.name)
