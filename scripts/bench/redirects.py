"""Redirects: nginx that only answers, nginx that does the same work, and Waypost, in turn."""

import collections
import contextlib

import loads
import servers
import verdicts
import world
from loads import median
from report import table

LINKS = 10_000
LOAD = 0.7  # of its own maximum, where the times of answers are measured

NAMES = {
    "anchor": "nginx, `return 302`",
    "rival": "nginx, the same work",
    "waypost": "Waypost",
}


def measure(folder, held, rounds, seconds):
    """The section as lines of Markdown."""
    slugs = world.slugs(LINKS)
    clients = loads.Clients(folder, world.requests(slugs))
    with contextlib.ExitStack() as stack:
        ours = stack.enter_context(servers.started(servers.waypost, folder, held))
        ours.add(slugs)
        anchor = stack.enter_context(servers.started(servers.anchor, folder, held))
        rival = stack.enter_context(servers.started(servers.rival, folder, held, slugs))
        everyone = [anchor, rival, ours]
        checks = clients.check(anchor, loads.redirects)
        checks += look(clients, rival, ours)
        for server in everyone:
            server.freeze()
        runs, storing = saturate(clients, everyone, held, rounds, seconds)
        paced = pace(clients, everyone, held, rounds, seconds, runs)
        for server in everyone:
            server.thaw()
        checks += look(clients, rival, ours)
        clicks = Clicks.count(ours, runs["waypost"], paced["waypost"])
    seen = show(runs, storing, paced)
    told = [shares(runs["waypost"]), *clicks.show(checks)]
    return [*seen, "", *told, "", *verdicts.compare(held, runs, paced)]


def look(clients, *judged):
    """So that nobody measures errors: each must lead as the rules say."""
    return sum(clients.check(server, loads.leads_right) for server in judged)


@contextlib.contextmanager
def turn(server, held):
    """One server's turn: it alone is awake, and held; then it gets time to store what it has."""
    server.thaw()
    held.tighten()
    try:
        yield
    finally:
        held.loosen()
    server.settle()
    server.freeze()
    loads.wait(0.2)


def saturate(clients, everyone, held, rounds, seconds):
    """Each server's runs, and what the processor spent on each until all was stored."""
    runs, storing = collections.defaultdict(list), collections.defaultdict(list)
    for number in range(rounds):
        for server in everyone:
            before = sum(server.cpu())
            with turn(server, held):
                run = clients.saturate(server, seconds)
            runs[server.name].append(run)
            storing[server.name].append((sum(server.cpu()) - before) / run.requests)
            told = f"{run.requests / run.seconds:,.0f} requests/s, {micros(sum(run.cpu) / run.requests)} µs each"
            print(f"round {number + 1}: {NAMES[server.name]}: {told}", flush=True)
    return runs, storing


def pace(clients, everyone, held, rounds, seconds, runs):
    paced = collections.defaultdict(list)
    rates = {
        name: LOAD * median([run.requests / run.seconds for run in of]) for name, of in runs.items()
    }
    for number in range(rounds):
        for server in everyone:
            with turn(server, held):
                told = clients.pace(server, rates[server.name], seconds)
            paced[server.name].append(told)
            told = f"p99 {told['p99'] / 1000:.2f} ms at {rates[server.name]:,.0f} requests/s"
            print(f"round {number + 1}: {NAMES[server.name]}: {told}", flush=True)
    return paced


class Clicks:
    """How many were stored of how many were answered."""

    def __init__(self, answered, stored, awaited, begun):
        self.answered, self.stored = answered, stored
        self.awaited, self.begun = awaited, begun

    @classmethod
    def count(cls, server, runs, paced):
        server.settle()
        exact = 2 * loads.SAMPLE + sum(told["answers"] for told in paced)
        awaited = exact + sum(run.requests for run in runs)
        begun = exact + sum(run.began for run in runs)
        return cls(server.answered(), server.stored(), awaited, begun)

    @property
    def are_all_stored(self):
        return self.stored == self.answered and self.awaited <= self.stored <= self.begun

    def show(self, checks):
        hung = self.begun - self.awaited
        told = (
            f"{self.stored:,} clicks stored of {self.answered:,} answered with 302; clients had "
            f"{self.awaited:,} of these answers, and up to {hung:,} more were under way when wrk hung up."
        )
        if not self.are_all_stored:
            raise servers.Failed(f"clicks are missing: {told}")
        judged = (
            f"{checks:,} answers were compared with what the rules and the tables say, before and "
            "after; none was wrong."
        )
        return [f"Every click is stored: {told}", judged]


def show(runs, storing, paced):
    rows = []
    for name, title in NAMES.items():
        of = runs[name]
        rows.append(
            [
                title,
                f"{median([run.requests / run.seconds for run in of]):,.0f}",
                micros(median([run.cpu.user / run.requests for run in of])),
                micros(median([run.cpu.kernel / run.requests for run in of])),
                micros(median([sum(run.cpu) / run.requests for run in of])),
                micros(median(storing[name])),
                millis(median([told["p50"] for told in paced[name]])),
                millis(median([told["p99"] for told in paced[name]])),
                f"{median([run.memory for run in of]) / 1e6:.0f}",
            ]
        )
    head = ["", "requests/s", "user", "kernel", "sum", "with storing", "p50", "p99", "memory"]
    return table(head, rows)


def shares(of):
    """Who spends it, by the names of threads."""
    spent, requests = sum((run.threads for run in of), collections.Counter()), sum(
        run.requests for run in of
    )
    parts = [f"{micros(seconds / requests)} by `{name}`" for name, seconds in spent.most_common(4)]
    return f"Of Waypost's sum, by the names of its threads: {', '.join(parts)}."


def micros(seconds):
    return f"{seconds * 1e6:.1f}"


def millis(told):
    return f"{told / 1000:.2f}"
