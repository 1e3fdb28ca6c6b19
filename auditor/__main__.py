"""``python -m auditor``, and what the ``auditor`` command runs."""

import gc

# What starting up makes stays: to look through all of it again and again for garbage would take a tenth of the start.
_ALLOCATIONS = 50_000


def run() -> None:
    """One command, then the end of the process."""
    gc.set_threshold(_ALLOCATIONS)
    from auditor.cli import run as command

    command()


if __name__ == "__main__":
    run()
