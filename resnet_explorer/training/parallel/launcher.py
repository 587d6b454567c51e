"""The process that starts the processes of one run, as `torchrun --standalone` does, and says why one of them died.

Input and output are passed on to the first of them; the last line of the output is this one's own.
"""

import signal
import sys
from uuid import uuid4

from torch.distributed.elastic.multiprocessing.errors import ChildFailedError, ProcessFailure
from torch.distributed.launcher.api import LaunchConfig, elastic_launch

from resnet_explorer import errors
from resnet_explorer.runs.event_json import format_record
from resnet_explorer.runs.events import Failed, Record
from resnet_explorer.training.parallel.order import ParallelOrder

OURS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.ExplorerError)
}


def main(text: str) -> None:
    """Start the processes of an order, and wait for them."""
    order = ParallelOrder.from_json(text)
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=len(order.devices),
        run_id=str(uuid4()),
        rdzv_backend="c10d",
        rdzv_endpoint="localhost:0",
        local_addr="localhost",
        max_restarts=0,
    )
    try:
        elastic_launch(config, sys.executable)("-m", "resnet_explorer.training.parallel.rank", text)
    except ChildFailedError as error:
        event = failure_event(error.failures, len(order.devices))
        # the process that wrote before may have died within a line
        print(f"\n{format_record(Record(1, 0, 1, event))}", flush=True)


def failure_event(failures: dict[int, ProcessFailure], processes: int) -> Failed:
    """Why a run of several processes failed: of all that failed, the one that the others failed with."""
    rank, first = min(failures.items(), key=_order_of_blame)
    if first.exitcode < 0:
        return Failed(f"process {rank + 1} of {processes} was ended by signal {-first.exitcode}", "rank_died")
    # what a process left is a text, or holds one beside its traceback
    message = first.message["message"] if isinstance(first.message, dict) else first.message
    lines = message.strip().splitlines()
    kind, _, sentence = (lines or [f"it ended with code {first.exitcode}"])[0].partition(": ")
    if kind in OURS:
        return Failed(sentence)
    return Failed(f"process {rank + 1} of {processes} failed: {lines[0][:200] if lines else kind}", "rank_died")


def _order_of_blame(failure: tuple[int, ProcessFailure]) -> tuple[bool, bool, int]:
    """A process that a signal ended comes first, then errors by time, then those that the launcher itself ended."""
    code = failure[1].exitcode
    return code == -signal.SIGTERM, code >= 0, failure[1].timestamp


if __name__ == "__main__":
    main(sys.argv[1])
