"""One of several processes on a GPU: takes the steps it is asked for, a line a turn, and says when they are done.

python -m benchmarks.gpu_worker ORDERING SIZE, where SIZE is the fields of `Size` as JSON; other processes write to it.
"""

import sys

from benchmarks.gpu_loops import WARM, Ours
from benchmarks.gpu_turns import Size, experiment, settle, state


def main() -> None:
    """Get ready, say so, and answer until nobody asks any more."""
    line, given = sys.argv[1:]
    size = Size.read(given)
    ours = Ours(state(experiment(line, size), size))
    ours(WARM)
    settle(size)
    print("ready", flush=True)
    for line in sys.stdin:
        ours(int(line))
        settle(size)
        print("done", flush=True)


if __name__ == "__main__":
    main()
