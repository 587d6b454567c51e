"""How long a request may be, and how long it may take to come: over all routes, before anybody reads it."""

import asyncio
from dataclasses import dataclass

from starlette.types import Message, Receive

# bytes of a request; a file that is uploaded has Gradio's own limit within it
MOST_BYTES, MOST_UPLOADED = 1_000_000, 21_000_000
# seconds for the next piece of a body
PATIENCE = 20.0


class BodyTooLong(Exception):
    """More was sent than may be."""


class BodyTooSlow(Exception):
    """Nothing came for too long."""


@dataclass
class LimitedBody:
    """Receives a request's body, as far as it may go."""

    receive: Receive
    most: int
    patience: float = PATIENCE
    read: int = 0
    whole: bool = False

    async def __call__(self) -> Message:
        """The next message; after the body it waits for the client to leave, as long as that takes."""
        if self.whole:
            return await self.receive()
        try:
            message = await asyncio.wait_for(self.receive(), self.patience)
        except TimeoutError:
            raise BodyTooSlow from None
        self.read += len(message.get("body", b""))
        self.whole = not message.get("more_body", False)
        if self.read > self.most:
            raise BodyTooLong
        return message
