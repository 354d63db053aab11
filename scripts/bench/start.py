"""How long a start takes until the first redirect, and how much memory the links take then.

Asks the real server from outside: the links are made through its API, it is stopped and started
again, and the clock runs from before it is executed until a link answers 302.
"""

import os
import socket
import time

import servers
import world
from loads import median
from report import table

LINKS = sorted(int(told) for told in os.environ.get("LINKS", "10000 100000 1000000").split())
RULES = (0, 4)
STARTS = 3
WITHIN = 150  # seconds that making one row's links may take


def measure(folder, held, _rounds, _seconds):
    """The section as lines of Markdown."""
    held.loosen()
    slugs = world.slugs(max(LINKS))
    rows = [told for rules in RULES for told in grown(folder, held, slugs, rules)]
    head = [
        "links",
        "rules each",
        "start to first redirect, s",
        "memory, MB",
        "made in bulk, links/s",
    ]
    return table(head, rows)


def grown(folder, held, slugs, rules):
    """One installation, which gets more and more links."""
    server, there = servers.waypost(folder, held), 0
    try:
        for links in LINKS:
            begun = time.monotonic()
            made = server.add(slugs[there:links], rules, WITHIN)
            speed = made / (time.monotonic() - begun)
            if made < links - there:
                yield row(links, rules, "not tried", "", speed)
                return
            there = links
            times, memory = [], []
            for _ in range(STARTS):
                server.stop()
                server = servers.resume(server.folder, held, wait=False)
                times.append(first_redirect(server, slugs[links - 1]))
                memory.append(server.memory())
            yield row(links, rules, f"{median(times):.2f}", f"{median(memory) / 1e6:.0f}", speed)
    finally:
        server.stop()


def first_redirect(server, slug):
    """Seconds from before the server was executed until a link redirects."""
    asked = f"GET /{slug} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode()
    while not redirects(server.port, asked):
        if server.process.poll() is not None:
            raise servers.Failed(f"the server ended:\n{(server.folder / 'log').read_text()}")
        time.sleep(0.002)
    return time.monotonic() - server.begun


def redirects(port, asked):
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as wire:
            wire.sendall(asked)
            return wire.recv(4_096).startswith(b"HTTP/1.1 302")
    except OSError:
        return False


def row(links, rules, took, memory, speed):
    told = [f"{links:,}", rules, took, memory, f"{speed:,.0f}"]
    print(*told, flush=True)
    return told
