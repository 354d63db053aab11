"""What redirects feel of slow work beside them: password hashes, an export of clicks, QR archives.

The server has one CPU for everything, all of it; the clients have the others, and those who ask for
slow work are the most patient processes there.
"""

import contextlib
import functools
import http.client
import itertools
import multiprocessing
import os
import random
import urllib.parse

import loads
import servers
import world
from loads import median
from report import table
from verdicts import word

LINKS = 10_000
CLICKS = int(os.environ.get("EXPORTED", 300_000))
RATE = float(os.environ.get("RATE", 5_000))  # redirects a second
SLOWER = 1.2  # of what p99 is with nothing beside
QUIET = (
    1_000  # microseconds that p50 takes at most with nothing beside, where nobody else is at work
)
# A link takes a hundred wrong passwords an hour, ten of one network: so many links, and networks.
LOCKED = 40
HASHING = 8
CODES = 150  # links of one archive
PATIENCE = 120


def measure(folder, held, rounds, seconds):
    """The section as lines of Markdown."""
    slugs = world.slugs(LINKS + LOCKED)
    plain, locked = slugs[:LINKS], slugs[LINKS:]
    clients = loads.Clients(folder, world.requests(plain))
    held.loosen()
    with servers.started(servers.waypost, folder, held) as server:
        server.add(plain)
        links = [world.link(slug, 0) | {"password": "open sesame"} for slug in locked]
        server.call("POST", "/api/v1/links/bulk", {"links": links})
        some = server.call("GET", f"/api/v1/links?limit={CODES}")["data"]
        ids = [link["id"] for link in some]
        clients.check(server, loads.leads_right)
        while server.answered() < CLICKS:
            clients.saturate(server, 5)
            server.settle()
        works = {
            "nothing": [],
            f"{HASHING} wrong passwords at a time": [functools.partial(guess, locked)] * HASHING,
            f"an export of {CLICKS:,} clicks": [export],
            f"archives of {CODES} QR codes": [functools.partial(draw, ids)],
        }
        seen = {name: [] for name in works}
        for _ in range(rounds):
            for name, workers in works.items():
                with beside(server, workers) as done:
                    told = clients.pace(server, RATE, seconds)
                seen[name].append(told | {"done": sum(count.value for count in done)})
                server.settle()
                print(name, seen[name][-1], flush=True)
        clients.check(server, loads.leads_right)
    return show(seen)


def show(seen):
    quiet = median([told["p99"] for told in seen["nothing"]])
    is_busy = QUIET < median([told["p50"] for told in seen["nothing"]])
    rows = []
    for name, of in seen.items():
        times = [median([told[part] for told in of]) for part in ("p50", "p99", "p999")]
        done = sum(told["done"] for told in of)
        ratio = times[1] / quiet
        verdict = "" if name == "nothing" else word(ratio, SLOWER, is_most=True)
        if verdict and is_busy:
            verdict = "no verdict: the machine was busy"
        shown = [f"{time / 1000:.2f}" for time in times]
        rows.append([name, f"{done:,}" if done else "", *shown, f"{ratio:.2f}", verdict])
    note = (
        f"{RATE:,.0f} redirects/s on {loads.CONNECTIONS} connections; *ratio* is of p99 to that beside "
        "nothing."
    )
    head = ["beside", "done", "p50", "p99", "p99.9", "ratio", f"at most {SLOWER}"]
    return [note, "", *table(head, rows)]


@contextlib.contextmanager
def beside(server, workers):
    """Runs each worker again and again in a process of its own; lends what each has done."""
    fork = multiprocessing.get_context("fork")
    stop, done, processes = fork.Event(), [], []
    for number, work in enumerate(workers):
        done.append(fork.Value("q", 0))
        process = fork.Process(
            target=again, args=(work, server, number, stop, done[-1]), daemon=True
        )
        process.start()
        processes.append(process)
    try:
        yield done
    finally:
        stop.set()
        for process in processes:
            process.join(PATIENCE)
            if process.exitcode != 0:
                process.kill()
                raise servers.Failed("what ran beside the redirects failed")


def again(work, server, number, stop, done):
    os.nice(10)
    chance = random.Random(f"{number} {os.getpid()}")
    for turn in itertools.count():
        if stop.is_set():
            return
        work(server, chance, turn)
        done.value += 1


def guess(locked, server, chance, _):
    """A wrong password, from a network that never guessed before."""
    address = f"{chance.randint(11, 99)}.{chance.randrange(256)}.{chance.randrange(256)}.1"
    headers = {"Host": "localhost", "X-Forwarded-For": address}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    body = urllib.parse.urlencode({"password": "open barley"})
    connection.request("POST", f"/{chance.choice(locked)}", body, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    if "not the password" not in text:
        raise servers.Failed(f"a wrong password was answered {answer.status}: {text[:300]}")


def export(server, *_):
    lines = server.fetch("GET", "/api/v1/clicks/export?bots=include").count(b"\n")
    if lines <= CLICKS:
        raise servers.Failed(f"an export of {lines} lines, where there are {CLICKS} clicks")


def draw(ids, server, *_):
    """An archive of codes, which Short.io's API makes."""
    body = {"linkIds": ids, "type": "png"}
    if not server.fetch("POST", "/links/qr/bulk", body, Authorization=server.key).startswith(b"PK"):
        raise servers.Failed("an archive of QR codes is none")
