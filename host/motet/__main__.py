"""The `motet` command: runs it and turns every failure into words and an exit status."""

from __future__ import annotations

import os
import platform
import sys
import time
import traceback

from motet.errors import STATUS_FAILED, STATUS_INTERNAL, STATUS_INTERRUPTED, STATUS_USAGE, MotetError
from motet.paths import REPORTS, shown
from motet.process import end_on_signals


def main() -> None:
    """Ends the process with the command's status."""
    end_on_signals()
    sys.exit(status_of(sys.argv[1:]))


def status_of(arguments: list[str]) -> int:
    """Runs one command line and says how it ended; no Python traceback of ours ever reaches the person."""
    try:
        from motet.cli import invoke

        status = invoke(arguments)
        # Flushed here, where a reader that went away is still our business.
        sys.stdout.flush()
        return status
    except MotetError as error:
        from motet.terminal import complain

        complain(str(error))
        return error.status
    except KeyboardInterrupt:
        return STATUS_INTERRUPTED
    except BrokenPipeError:
        # The reader of our output went away; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return STATUS_FAILED
    except RecursionError:
        return report_internal_error(arguments, "the program nests too deeply for the compiler")
    except Exception as error:
        return report_internal_error(arguments, f"{type(error).__name__}: {error}")


def report_internal_error(arguments: list[str], cause: str) -> int:
    """Keeps the details in a file and says in one sentence where it lies."""
    text = f"motet {' '.join(arguments)}\nPython {sys.version}\n{platform.platform()}\n\n{traceback.format_exc()}"
    try:
        REPORTS.mkdir(parents=True, exist_ok=True)
        report = REPORTS / f"{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}.txt"
        report.write_text(text, encoding="utf-8")
        where = f"the details lie in {shown(report)}"
    except OSError:
        where = "and the report could not be written"
    first = (cause.splitlines() or [cause])[0]
    print(f"motet: a mistake of motet's own ({first}); {where}", file=sys.stderr)
    return STATUS_INTERNAL


__all__ = ["STATUS_USAGE", "main", "status_of"]

if __name__ == "__main__":
    main()
