"""What one visitor may have at once, and ask for in a minute, where strangers share the machine.

A visitor is known by a cookie that only the page can write, and by the network address: neither can be invented. The
text by which runs obey their owner can, so an address has a limit of its own, wide enough for a class behind a router.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import NoReturn

from resnet_explorer.errors import RunError
from resnet_explorer.executors.compute import Call, Computer, Outcome

MINUTE = 60.0
# visitors that are remembered; the longest silent one goes first
MOST_VISITORS = 10_000


@dataclass(frozen=True)
class Visitor:
    """Who asks: the name in the cookie, empty for a program without one, and the address; both empty: the machine."""

    name: str = ""
    address: str = ""


Caller = Callable[[], Visitor]


def the_machine() -> Visitor:
    """Who asks where nobody comes from outside: a command line, a notebook."""
    return Visitor()


@dataclass(frozen=True)
class RunLimits:
    """Runs, analyses and studies that wait or are at work: of an owner or a browser, from an address, and of all."""

    owner: int = 18
    address: int = 72
    all: int = 400


class RunQuota:
    """Refuses what would be too many runs; runs that the index does not have yet count too."""

    def __init__(self, caller: Caller = the_machine, limits: RunLimits | None = None) -> None:
        self.caller = caller
        self.limits = limits or RunLimits()
        self._lock = threading.Lock()
        # of runs that were launched here: their owner and who asked, until they have ended
        self._launched: dict[str, tuple[str, Visitor]] = {}

    def check(
        self, count: int, owner: str, live: Mapping[str, str], ended: Callable[[Sequence[str]], set[str]]
    ) -> None:
        """Raise RunError where `count` more are over a limit; `live` has the owner of each run in the index."""
        if not owner:
            raise RunError(
                "strangers share this machine; name an owner, a text of your own, by which your runs obey you"
            )
        with self._lock:
            unseen = [run for run in self._launched if run not in live]
            for run in ended(unseen):
                del self._launched[run]
            owners = {run: each for run, (each, _) in self._launched.items()} | dict(live)
            caller = self.caller()
            launched = [visitor for _, visitor in self._launched.values()]
        mine = Counter(owners.values())[owner]
        same = sum(1 for visitor in launched if caller.name and visitor.name == caller.name)
        near = sum(1 for visitor in launched if caller.address and visitor.address == caller.address)
        for there, limit, whose in (
            (max(mine, same), self.limits.owner, "of one visitor"),
            (near, self.limits.address, "from one network address"),
            (len(owners), self.limits.all, "of all visitors"),
        ):
            if there + count > limit:
                have = f"{there} runs {whose} wait or are at work"
                raise RunError(f"{have}, and {count} more are over the limit of {limit}; stop one, or wait for its end")

    def launched(self, runs: Sequence[str], owner: str) -> None:
        """Count these from now on."""
        with self._lock:
            self._launched |= dict.fromkeys(runs, (owner, self.caller()))


class RateLimit:
    """So much of something in a while for each visitor, and `near` times as much for each address."""

    def __init__(
        self,
        what: str,
        each: int,
        caller: Caller,
        window: float = MINUTE,
        near: int = 10,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.what, self.each, self.caller, self.window = what, each, caller, window
        self.near, self.clock = near, clock
        self._lock = threading.Lock()
        # of each visitor and address: when, and how much
        self._taken: dict[tuple[str, str], deque[tuple[float, int]]] = {}

    def take(self, amount: int = 1, visitor: Visitor | None = None) -> None:
        """Count so much; raise RunError where the visitor or the address has had its share."""
        who, now = visitor or self.caller(), self.clock()
        shares = {("name", who.name): self.each, ("address", who.address): self.near * self.each}
        with self._lock:
            known = {key: self._recent(key, now) for key in shares if key[1]}
            for key, taken in known.items():
                if taken and sum(one for _, one in taken) + amount > shares[key]:
                    self._refuse(shares[key], taken[0][0] + self.window - now)
            for taken in known.values():
                taken.append((now, amount))

    def _refuse(self, share: int, wait: float) -> NoReturn:
        span = "a minute" if self.window == MINUTE else f"in {self.window / MINUTE:.0f} minutes"
        raise RunError(f"{share:,} {self.what} {span} are the limit here; go on in {wait:.0f} seconds")

    def _recent(self, key: tuple[str, str], now: float) -> deque[tuple[float, int]]:
        """What was taken lately; whoever was silent longest is forgotten where there are too many."""
        taken = self._taken.pop(key, deque())
        while taken and taken[0][0] <= now - self.window:
            taken.popleft()
        self._taken[key] = taken
        while len(self._taken) > MOST_VISITORS:
            del self._taken[next(iter(self._taken))]
        return taken


class RationedComputer:
    """A computer that each visitor may ask only so often."""

    def __init__(self, computer: Computer, limit: RateLimit) -> None:
        self.computer, self.limit = computer, limit

    def outcomes(self, calls: Sequence[Call], patient: bool = False) -> Generator[Outcome]:
        """The outcomes of the computer, or a RunError before anything is computed."""
        self.limit.take()
        yield from self.computer.outcomes(calls, patient)
