"""What was reached of what is to be reached, and where a run cannot say so."""

import collections

import hold
from loads import median
from report import table

ENOUGH = 0.9  # of the CPU that one has: a client with more may limit, a server with less is not at its own

# A ratio of Waypost's value to another's, which has to be `reach` at least (or at most); under `floor` it
# is a defect. What `is_timed` is worth nothing where others took the CPU, or where the client limits.
Figure = collections.namedtuple("Figure", "what against value reach floor is_most is_timed")


def rate(run):
    return run.requests / run.seconds


def thrift(run):
    """Requests a second of processor time: what the clock cannot spoil."""
    return run.requests / sum(run.cpu)


def late(told):
    return told["p99"]


FIGURES = (
    Figure("requests/s against nginx `return 302`", "anchor", rate, 1.0, 0.85, False, True),
    Figure(
        "requests a CPU second against nginx `return 302`",
        "anchor",
        thrift,
        1.0,
        0.85,
        False,
        False,
    ),
    Figure("requests/s against nginx doing the same work", "rival", rate, 2.0, None, False, True),
    Figure(
        "requests a CPU second against nginx doing the same work",
        "rival",
        thrift,
        2.0,
        None,
        False,
        False,
    ),
    Figure("p99 at 70 % against nginx `return 302`", "anchor", late, 1.5, None, True, True),
)


def compare(held, runs, paced):
    """The verdict on each figure."""
    client = max(median([run.client for run in of]) for of in runs.values())
    client = max(client, *(median([told["client"] for told in of]) for of in paced.values()))
    given = min(median([sum(run.cpu) / run.seconds for run in of]) for of in runs.values())
    why = doubt(held, client, given)
    rows = []
    for figure in FIGURES:
        of = paced if figure.value is late else runs
        is_now = ratio(of, "waypost", figure.against, figure.value)
        told = word(is_now, figure.reach, figure.floor, figure.is_most)
        rows.append(
            [
                figure.what,
                f"{is_now:.2f}",
                f"at {'most' if figure.is_most else 'least'} {figure.reach:.2f}",
                why if why and figure.is_timed else told,
            ]
        )
    tail = (
        f"The client took at most {client:.0%} of its CPU, each server at least {given:.0%} of one."
    )
    return [*table(["Waypost", "ratio", "to reach", ""], rows), "", tail]


def doubt(held, client, given):
    """Why what depends on the clock is no verdict; empty where it is one."""
    if ENOUGH < client:
        return "no verdict, as the client saturates first"
    if given < ENOUGH * (hold.SHARE if held.is_half else 1):
        return "no verdict, as a server was not at its own maximum: the machine was busy"
    return ""


def ratio(of, ours, theirs, value):
    """The median of what each round says, since a machine's mood lasts longer than a round."""
    return median([value(mine) / value(other) for mine, other in zip(of[ours], of[theirs])])


def word(is_now, reach, floor=None, is_most=False):
    if is_now <= reach if is_most else reach <= is_now:
        return "reached"
    missing = abs(is_now - reach) / reach
    if floor and is_now < floor:
        return f"**a defect**: {missing:.0%} short, and under {floor:.2f}"
    return f"**not reached**: {missing:.0%} {'over' if is_most else 'short'}"
