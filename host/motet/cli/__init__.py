"""The command line: one file a command, loaded only when it is asked for."""

from __future__ import annotations

import difflib
import importlib
import sys
from typing import Final

import click

from motet import VERSION
from motet.errors import STATUS_USAGE

COMMANDS: Final = {
    "run": "boot an emulated device: its shell, or your app",
    "new": "make a new app: one file and its test",
    "test": "run the tests, of the tree or of an app",
    "build": "compile and lay out an image without running it",
    "image": "show what an image holds and who may do what",
    "debug": "run an app under the debugger, line by line in Python",
    "bench": "measure, and compare with the references",
    "certify": "build and run every family, and sign what was found",
    "explain": "say more about an error's code",
    "doctor": "check this machine's tools, with the cure for each",
}


class Commands(click.Group):
    """Finds a command by name and, when there is none, names the nearest."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(f"motet.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The short texts stand above, so that `--help` does not import every command.
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name in COMMANDS:
            return name, self.get_command(ctx, name), args[1:]
        if name.endswith((".py", ".toml")):
            raise click.UsageError(f'there is no command "{name}". To run that file: motet run {name}', ctx)
        near = difflib.get_close_matches(name, COMMANDS, n=1, cutoff=0.5)
        hint = f' Did you mean "{near[0]}"?' if near else f" The commands are: {', '.join(COMMANDS)}."
        raise click.UsageError(f'there is no command "{name}".{hint}', ctx)


@click.group(cls=Commands, no_args_is_help=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="motet", message="%(prog)s %(version)s")
def motet() -> None:
    """Motet: an operating system for distributed devices, in typed Python."""


def invoke(arguments: list[str]) -> int:
    """Runs one command line; a wrong one is answered in a sentence."""
    try:
        result = motet.main(args=arguments, prog_name="motet", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as help_wanted:
        print(help_wanted.format_message())
        return 0
    except click.UsageError as wrong:
        return explain_usage(wrong)
    except click.ClickException as wrong:
        print(f"motet: {wrong.format_message()}", file=sys.stderr)
        return wrong.exit_code
    except click.exceptions.Abort:
        raise KeyboardInterrupt from None
    return result if isinstance(result, int) else 0


def explain_usage(wrong: click.UsageError) -> int:
    """Says what is wrong with the command line and how to see what is right."""
    message = wrong.format_message()
    message = message[:1].lower() + message[1:]
    print(f"motet: {message}", file=sys.stderr)
    path = wrong.ctx.command_path if wrong.ctx is not None else "motet"
    print(f"  how it is used: {path} --help", file=sys.stderr)
    return STATUS_USAGE
