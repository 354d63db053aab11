"""How many links are made a second: one by one on 16 connections, each durable when it is answered,
and in bulk."""

import itertools
import json

import loads
import servers
import world
from loads import median
from report import table

CONNECTIONS, BULK_CONNECTIONS = 16, 4
# By rules each: what is prepared for each second of a run, singles and in bulk. A run that gets through
# all of it ends early.
PREPARED = {0: (15_000, 60_000), 4: (5_000, 15_000)}


def measure(folder, held, rounds, seconds):
    """The section as lines of Markdown."""
    clients = loads.Clients(folder, [])
    held.loosen()
    rows = []
    for rules, prepared in PREPARED.items():
        singles, in_bulk = (seconds * number for number in prepared)
        slugs = iter(world.slugs(rounds * (singles + in_bulk)))
        links = (world.link(slug, rules) for slug in slugs)
        with servers.started(servers.waypost, folder, held) as server:
            speeds = [
                (
                    one_by_one(clients, server, seconds, itertools.islice(links, singles)),
                    bulk(clients, server, seconds, itertools.islice(links, in_bulk)),
                )
                for _ in range(rounds)
            ]
        made = [f"{median(of):,.0f}" for of in zip(*speeds)]
        print(rules, *made, flush=True)
        rows.append([rules, *made])
    head = [
        "rules each",
        f"one by one, {CONNECTIONS} connections",
        f"in bulk, {BULK_CONNECTIONS} connections",
    ]
    return table(head, rows)


def one_by_one(clients, server, seconds, links):
    """Links a second."""
    told = post(clients, server, seconds, "/api/v1/links", 201, CONNECTIONS, links)
    return told["answers"] / told["seconds"]


def bulk(clients, server, seconds, links):
    """Links a second, as many by a call as it takes."""
    lengths = []

    def bodies():
        for batch in servers.batches(links):
            lengths.append(len(batch))
            yield {"links": batch}

    told = post(clients, server, seconds, "/api/v1/links/bulk", 200, BULK_CONNECTIONS, bodies())
    # They are sent in this order.
    return sum(lengths[: told["answers"]]) / told["seconds"]


def post(clients, server, seconds, path, status, connections, bodies):
    """Posts each body once at most; each must be answered with the status."""
    file = clients.folder / "posts"
    with open(file, "w", encoding="utf-8", newline="") as prepared:
        for body in bodies:
            text = json.dumps(body)
            head = (
                f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.key}\r\n"
            )
            head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
            prepared.write(f"{head}{text}\0")
    return clients.pace(server, 0, seconds, status, connections, file)
