"""How often a second a network is described: from the plan cache, and without it."""

from benchmarks.measure import interleaved, ratios, report
from resnet_explorer.api import networks as api
from resnet_explorer.networks.plan import plan

NAME = "cifar-basic-56"


def main() -> None:
    """Measure one description; the page asks for many as a slider moves."""
    times = interleaved({"from the plan cache": _cached, "from a fresh plan": _fresh}, runs=9)
    rows = ratios(f"describe {NAME} from the plan cache", times)
    print(f"{1 / rows[0].ours:,.0f} calls of describe {NAME} a second from the plan cache; goal 1,000")
    report("describe", rows)


def _cached() -> None:
    api.describe(NAME)


def _fresh() -> None:
    plan.cache_clear()
    api.describe(NAME)


if __name__ == "__main__":
    main()
