"""``python -m auditor``, and what the ``auditor`` command runs."""

import gc
import sys

# What starting up makes stays: to look through all of it again and again for garbage would take a tenth of the start.
_ALLOCATIONS = 50_000


def run() -> None:
    """One command, then the end of the process; Ctrl-C ends it without a word while it is still loading."""
    gc.set_threshold(_ALLOCATIONS)
    try:
        from auditor.cli import run as command
    except KeyboardInterrupt:
        sys.exit(130)
    command()


if __name__ == "__main__":
    run()
