"""What the machine has that runs share."""

import os


def total_memory() -> int:
    """Bytes of memory of the whole machine, whatever a container may use of it."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
