"""``python -m auditor``, and what the ``auditor`` command runs."""

import sys


def run() -> None:
    """One command, then the end of the process; Ctrl-C ends it without a word while it is still loading."""
    try:
        from auditor.cli import run as command
    except KeyboardInterrupt:
        sys.exit(130)
    command()


if __name__ == "__main__":
    run()
