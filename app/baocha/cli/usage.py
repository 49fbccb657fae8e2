"""Help and usage errors in the language of the user. click itself has only English."""

from difflib import get_close_matches
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
        # Without the notes that click adds, such as [x>=1].
        rows = [(names, text.partition("  [")[0]) for names, text in records]
        with formatter.section(localized("选项", "Options")):
            formatter.write_dl(rows)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the arguments. Every usage error names the command, so that it can name its help."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx
            raise

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
        with formatter.section(localized("命令", "Commands")):
            formatter.write_dl([(name, self.summary_of(name)) for name in self.list_commands(ctx)])

    def summary_of(self, name: str) -> str:
        """Return what a command does, in a few words."""
        raise NotImplementedError


def usage_message(error: click.ClickException) -> str:
    """Return a one-line message for a usage error, with a reference to `--help`."""
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else "baocha"
    what = " ".join(_what_is_wrong(error).split()).rstrip(".")
    return what + localized(f"；用法见 {path} --help", f"; see {path} --help")


def _what_is_wrong(error: click.ClickException) -> str:
    if isinstance(error, click.NoSuchOption):
        close = get_close_matches(error.option_name, error.possibilities or (), cutoff=0.75)
        meant = localized("、", ", ").join(close)
        hint = localized(f"（是否为 {meant}？）", f" (did you mean {meant}?)") if meant else ""
        if not (error.option_name or "").isascii():
            hint = localized(
                "；以 - 开头的查询写在 -- 之后", "; put a query that begins with - after --"
            )
        return localized(f"没有选项 {error.option_name}", f"no option {error.option_name}") + hint
    if isinstance(error, click.MissingParameter):
        return localized(f"缺少 {_name(error)}", f"missing {_name(error)}")
    if isinstance(error, click.BadParameter):
        return _bad_value(error)
    if isinstance(error, click.exceptions.NoSuchCommand):
        return localized(f"没有命令 {error.command_name}", f"no command {error.command_name}")
    if isinstance(error, click.BadOptionUsage):
        name = error.option_name
        if "requires" in error.message:
            return localized(f"{name} 后面缺少值", f"{name} needs a value")
        return localized(f"{name} 后面不能有值", f"{name} takes no value")
    if error.message.startswith("Got unexpected extra argument"):
        extra = error.message.partition("(")[2].removesuffix(")")
        return localized(f"多余的参数：{extra}", f"unexpected argument: {extra}")
    return error.format_message()


def _bad_value(error: click.BadParameter) -> str:
    name = _name(error)
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        choices = [str(choice) for choice in kind.choices]
        return localized(
            f"{name} 的值无效：应为 {'、'.join(choices)} 之一",
            f"{name} must be one of {', '.join(choices)}",
        )
    if isinstance(kind, click.IntRange):
        return localized(
            f"{name} 的值无效：应为不小于 {kind.min} 的整数",
            f"{name} must be an integer of at least {kind.min}",
        )
    if isinstance(kind, click.Path) and error.message.endswith("is not readable."):
        path = error.message.removeprefix("Path ").removesuffix(" is not readable.")
        return localized(
            f"无法读取 {path}，请检查权限", f"cannot read {path}: check its permissions"
        )
    return f"{name}{localized('：', ': ')}{error.message}"


def _name(error: click.BadParameter) -> str:
    parameter: Any = error.param
    if parameter is None:
        return str(error.param_hint or "")
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    name = parameter.make_metavar(error.ctx) if error.ctx else parameter.name
    return str(name).removesuffix("...")
