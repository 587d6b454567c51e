"""How many streams are open: of a visitor, from an address, and in all."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from resnet_explorer.api.quotas import Caller
from resnet_explorer.ui.guards.origin import LOCAL

MOST_OF_A_VISITOR, MOST_FROM_AN_ADDRESS, MOST = 24, 240, 1200


class StreamPlaces:
    """Counts streams from their beginning to their end; whoever asks from this machine itself counts only in all."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        self.open: Counter[tuple[str, str]] = Counter()

    def refuse(self) -> str:
        """A sentence if one more would be too many."""
        visitor = self.caller()
        address = "" if visitor.address in LOCAL else visitor.address
        for key, limit, whose in (
            (("", ""), MOST, "here"),
            (("name", visitor.name), MOST_OF_A_VISITOR, "in this browser"),
            (("address", address), MOST_FROM_AN_ADDRESS, "from this network"),
        ):
            if (key[1] or not key[0]) and self.open[key] >= limit:
                return f"{limit} pages follow runs {whose} already; close one, or come back later"
        return ""

    @property
    def count(self) -> int:
        """How many streams are open."""
        return self.open["", ""]

    @contextmanager
    def taken(self) -> Iterator[None]:
        """One more, for as long as this lasts."""
        visitor = self.caller()
        keys = [("", ""), ("name", visitor.name), ("address", visitor.address)]
        self.open.update(keys)
        try:
            yield
        finally:
            self.open.subtract(keys)
            self.open += Counter()
