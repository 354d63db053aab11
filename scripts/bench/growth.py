"""What a redirect costs as links, rules and stored clicks grow tenfold."""

import contextlib
import os

import loads
import servers
import world
from loads import median
from report import table

# Each row differs from the usual one by its links, its rules or its clicks.
USUAL = (1_000, 4)
SHAPES = (USUAL, (10_000, 4), (100_000, 4), (1_000, 1), (1_000, 40))
WITHIN = 240  # seconds that making one row's links may take
# Ten million take a quarter of an hour to be clicked: CLICKS="1000000 10000000".
CLICKS = tuple(int(told) for told in os.environ.get("CLICKS", "100000 1000000").split())


def measure(folder, held, rounds, seconds):
    """The section as lines of Markdown."""
    held.loosen()
    with contextlib.ExitStack() as stack:
        pairs = {}
        for shape in SHAPES:
            server = stack.enter_context(servers.started(servers.waypost, folder, held))
            if clients := prepare(server, folder, *shape):
                pairs[shape] = server, clients
        rows = in_turn(pairs, held, rounds, seconds)
        rows += with_clicks(*pairs[USUAL], held, rounds, seconds)
    rows += [
        [f"{links:,}", rules, "not tried", *[""] * 5]
        for links, rules in SHAPES
        if (links, rules) not in pairs
    ]
    head = ["links", "rules each", "clicks stored", "requests/s", "user", "kernel", "sum", "memory"]
    return table(head, rows)


def prepare(server, folder, links, rules):
    """The clients for a server with so many links; none where making them takes too long."""
    slugs = world.slugs(links)
    if server.add(slugs, rules, WITHIN) < links:
        print(
            f"not tried: {links:,} links with {rules} rules, as making them takes over {WITHIN} s",
            flush=True,
        )
        return None
    clients = loads.Clients(folder, world.requests(slugs))
    clients.check(server, loads.leads_right if 4 <= rules else loads.redirects)
    server.settle()
    server.freeze()
    return clients


def in_turn(pairs, held, rounds, seconds):
    runs = {shape: [] for shape in pairs}
    for _ in range(rounds):
        for shape, (server, clients) in pairs.items():
            runs[shape].append(one(server, clients, held, seconds))
    return [row(*shape, "few", of) for shape, of in runs.items()]


def with_clicks(server, clients, held, rounds, seconds):
    rows = []
    for wanted in CLICKS:
        server.thaw()
        fill(server, clients, wanted)
        runs = [one(server, clients, held, seconds) for _ in range(rounds)]
        rows.append(row(*USUAL, f"{wanted:,}", runs))
    return rows


def fill(server, clients, wanted):
    """Clicks, until at least so many are stored; nothing holds the server back."""
    while (missing := wanted - server.answered()) > 0:
        clients.saturate(server, max(1, min(20, missing // 20_000)))
        server.settle()
        print(f"{server.answered():,} of {wanted:,} clicks", flush=True)


def one(server, clients, held, seconds):
    server.thaw()
    held.tighten()
    run = clients.saturate(server, seconds)
    held.loosen()
    server.settle()
    server.freeze()
    return run


def row(links, rules, clicks, runs):
    cost = lambda part: f"{median([part(run.cpu) / run.requests for run in runs]) * 1e6:.1f}"
    told = [
        f"{links:,}",
        rules,
        clicks,
        f"{median([run.requests / run.seconds for run in runs]):,.0f}",
        cost(lambda cpu: cpu.user),
        cost(lambda cpu: cpu.kernel),
        cost(sum),
        f"{median([run.memory for run in runs]) / 1e6:.0f}",
    ]
    print(*told, flush=True)
    return told
