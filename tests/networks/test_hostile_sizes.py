"""Networks of absurd size: each is refused, or known to fit, from closed forms and in little memory."""

import random
import time
import tracemalloc
from contextlib import suppress

from resnet_explorer.errors import ExplorerError
from resnet_explorer.networks.budget import check
from resnet_explorer.networks.plan import plan
from resnet_explorer.networks.request import parse_request
from tests.fixtures.cases import Count, many

FORMS = (
    "cifar-basic-{0}", "cifar-bottleneck-{0}", "imagenet-{0}", "wrn-{0}-{1}", "horesnet-rk4-{0}",
    "resnext-29-{0}x{1}d", "res2next-29-{0}c-{1}w-4s", "cifar-basic-20;image={0}", "cifar-basic-20;classes={0}",
    "cifar-basic-20;channels={0}", "cifar-basic-20;width={0}", "cifar-basic-20;width={0}/{1}",
    "cifar-basic-20;widths={0},{1},{2}", "cifar-basic-20;depths={0},{1},{2}", "cifar-basic-20;ratio={0}/{1}",
    "cifar-basic-20:conv(kernel={0}) +", "cifar-basic-20:conv(width={0}) conv +", "cifar-basic-20:conv(groups={0}) +",
    "cifar-basic-20:conv(dilation={0}) +", "cifar-basic-20:conv wasp({0}/{1}/{2}, width={0}) conv1 +",
    "cifar-basic-20:conv res2(scale={0}) +", "cifar-basic-20:conv se({0}) +",
)  # fmt: skip
MOST_BYTES, SECONDS = 10_000_000, 1.0


def number(chance: random.Random) -> int:
    """A number of any length, now and then one that fits its family's rule."""
    value = chance.randrange(10 ** chance.randint(1, 40))
    return value - value % 18 + chance.choice((2, 4, 8, 16, 0, 1))


def test_no_size_makes_anything_be_allocated(count: Count) -> None:
    chance = random.Random(1)
    tracemalloc.start()
    for _ in range(many(300)):
        line = chance.choice(FORMS).format(*(number(chance) for _ in range(3)))
        tracemalloc.reset_peak()
        before, since = tracemalloc.get_traced_memory()[0], time.process_time()
        with count():
            with suppress(ExplorerError):
                check(line, plan(parse_request(line).network), chance.choice((1, 128, 10**9)))
            assert tracemalloc.get_traced_memory()[1] - before < MOST_BYTES, line
            assert time.process_time() - since < SECONDS, line
    tracemalloc.stop()
