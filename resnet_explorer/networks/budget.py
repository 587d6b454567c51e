"""The memory, layers and operations that training a network needs, and the check against limits."""

import re
from dataclasses import dataclass

from resnet_explorer.errors import BudgetError, NetworkError
from resnet_explorer.networks.memory import memory
from resnet_explorer.networks.plan import Plan

UNITS = ("B", "KB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB")


@dataclass(frozen=True)
class Limits:
    """The most that a job may need: bytes of memory, layers to list, operations of one step."""

    memory: int = 10**12
    layers: int = 100_000
    operations: int = 10**18


@dataclass(frozen=True)
class Requirement:
    """What one training step needs: bytes at its peak, layers, and operations (a backward pass counts twice)."""

    batch: int
    memory: int
    layers: int
    operations: int


DESCRIBE_LIMITS = Limits()


def estimate(plan: Plan, batch: int, precision: str = "fp32") -> Requirement:
    """What one training step on a batch needs."""
    return Requirement(batch, memory(plan, batch, precision).training, plan.count, 2 * 3 * plan.macs * batch)


def check(name: str, plan: Plan, batch: int, precision: str = "fp32", limits: Limits = DESCRIBE_LIMITS) -> Requirement:
    """What a training step needs; a BudgetError where that exceeds the limits, before anything is allocated."""
    requirement = estimate(plan, batch, precision)
    if requirement.memory > limits.memory:
        raise BudgetError(
            f"{name} needs {format_bytes(requirement.memory)} at batch {batch}; "
            f"the limit is {format_bytes(limits.memory)}"
        )
    if requirement.layers > limits.layers:
        raise BudgetError(f"{name} has {requirement.layers:,} layers; the limit is {limits.layers:,}")
    if requirement.operations > limits.operations:
        raise BudgetError(
            f"{name} needs {requirement.operations:.1e} operations a step at batch {batch}; "
            f"the limit is {limits.operations:.1e}"
        )
    return requirement


def format_bytes(size: int) -> str:
    """Bytes with three digits and a decimal unit, such as 1.53 GB."""
    value, unit = float(size), 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1000, unit + 1
    return f"{value:.3g} {UNITS[unit]}" if value < 999.5 else f"{value:.1e} {UNITS[unit]}"


def parse_bytes(text: str) -> int:
    """Bytes from text such as '16 GB'; raises a NetworkError."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,3})?)\s*([KMGTP]?B)", text.strip().upper())
    if not match:
        raise NetworkError(f"a limit is written like 16GB, not {text[:40]!r}")
    return int(float(match[1]) * 1000 ** UNITS.index(match[2]))
