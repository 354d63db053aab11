#!/usr/bin/env python3
"""Real agents click from real addresses, and each must land where an independent table says.

Starts the built server in a folder of its own, makes one link through each foreign API, clicks,
compares every `Location` with agents.tsv and addresses.tsv, then compares the server's own count.
With a city file (geo.mmdb) every landing must be right. Without one a server knows a country only
by where an address is registered, which is not always where it is used; how often it is right is
then measured, and must not fall below a share.

Needs nothing but Python. WAYPOST_DATABASE_URL chooses another database than a new SQLite file.
"""

import collections
import concurrent.futures
import contextlib
import csv
import http.client
import json
import os
import pathlib
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
TARGET = os.environ.get("CARGO_TARGET_DIR", HERE.parent.parent / "target")
BINARY = pathlib.Path(TARGET) / "release/waypost"
SEED = 1  # which agent clicks from which address
THREADS = 8
PATIENCE = 30  # seconds until the server must be up, and until it must have counted every click
SHOWN = 20  # wrong landings printed for each link
REGISTERED = 0.97  # the share that must land right without a city file

Click = collections.namedtuple("Click", "agent address")
# `expects(agent, address)` is the destination by the tables; `aims` the countries its rules name.
Link = collections.namedtuple("Link", "name id path expects aims")


def main():
    # So that `finally` and `with` tidy up when somebody stops us from outside, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    if not BINARY.exists():
        sys.exit(f"demo: no server at {BINARY}: build it with `make build`")
    tallies = demonstrate("with a city file", True, (linquid, shortio, dglnk), 1)
    tallies += demonstrate("with the built-in countries alone", False, (linquid, dglnk), REGISTERED)
    passed, failed = (sum(numbers) for numbers in zip(*(tally.result() for tally in tallies)))
    print(f"\n{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


def demonstrate(title, has_city, makers, least):
    """Clicks each maker's link; at least this share must land right."""
    agents, addresses = table("agents.tsv"), table("addresses.tsv")
    # So that the demonstration can run again on the same database.
    run = secrets.token_hex(2)
    with serving(has_city, f"demo-{run}") as (port, key):
        api = Api(port, key)
        links = [make(api, f"{make.__name__[:5]}-{run}") for make in makers]
        tallies = [click_all(port, link, agents, addresses, least) for link in links]
        for tally in tallies:
            tally.count(api)
    print(f"\n{title:36} {'clicks':>7} {'right':>7} {'wrong':>7} {'counted':>8} {'bots':>6}")
    for tally in tallies:
        tally.show()
    return tallies


def table(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# The server


@contextlib.contextmanager
def serving(has_city, name):
    """A server of our own with one key, gone again at the end with all that it wrote."""
    with tempfile.TemporaryDirectory(prefix="waypost-demo-") as folder:
        folder = pathlib.Path(folder)
        port = free_port()
        settings = settings_for(folder, port, has_city)
        place = {"env": settings, "cwd": folder}
        command = [BINARY, "key", "create", name]
        made = subprocess.run(command, **place, stdout=subprocess.PIPE, text=True, check=False)
        if made.returncode:
            sys.exit(f"demo: `waypost key create` failed with {made.returncode}")
        with open(folder / "log", "w+", encoding="utf-8") as log:
            server = subprocess.Popen([BINARY, "serve"], **place, stdout=log, stderr=log)
            try:
                wait_until_ready(server, port, log)
                yield port, made.stdout.splitlines()[-1].strip()
            finally:
                server.terminate()
                try:
                    server.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    server.kill()
                    server.wait()


def settings_for(folder, port, has_city):
    """The environment without anybody else's settings, and with all of ours."""
    (folder / "geo").mkdir()
    if has_city:
        shutil.copy(HERE / "geo.mmdb", folder / "geo")
    database = os.environ.get("WAYPOST_DATABASE_URL", f"sqlite://{folder}/waypost.db")
    settings = {key: value for key, value in os.environ.items() if not key.startswith("WAYPOST_")}
    return settings | {
        "WAYPOST_LISTEN": f"127.0.0.1:{port}",
        "WAYPOST_PUBLIC_URL": f"http://localhost:{port}",
        "WAYPOST_DATABASE_URL": database,
        "WAYPOST_DATA_DIR": f"{folder}/data",
        "WAYPOST_GEO_DIR": f"{folder}/geo",
        "WAYPOST_TRUSTED_PROXIES": "127.0.0.1/32",
        "WAYPOST_FORWARDED_HEADER": "X-Forwarded-For",
    }


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_until_ready(server, port, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/readyz")
            status = connection.getresponse().status
            connection.close()
            if status == 200:
                return
        time.sleep(0.05)
    log.seek(0)
    sys.exit(f"demo: the server did not get ready:\n{log.read()}")


class Api:
    """Calls with the key where each dialect wants it."""

    def __init__(self, port, key):
        self.port, self.key = port, key

    def shortio(self, path, body):
        return self.call("POST", path, {"Authorization": self.key}, body)

    def linquid(self, path, body):
        return self.call("POST", path, {"X-API-Key": self.key}, body)["data"]

    def dglnk(self, path, body):
        token = urllib.parse.urlencode({"api_token": self.key})
        return self.call("POST", f"{path}?{token}", {}, body)["link"]

    def native(self, path):
        return self.call("GET", path, {"Authorization": f"Bearer {self.key}"})

    def call(self, method, path, headers, body=None):
        connection = http.client.HTTPConnection("localhost", self.port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json", "Accept": "application/json", **headers}
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        told = answer.read().decode()
        connection.close()
        if not 200 <= answer.status < 300:
            sys.exit(f"demo: {method} {path.partition('?')[0]} answered {answer.status}: {told}")
        return json.loads(told)


# The links


def linquid(api, path):
    """The rule of Linquid's own example."""
    app, other = "https://apps.apple.com/app/myapp", "https://example.com/app"
    link = api.linquid("/api/links", {"destinationUrl": other, "shortCode": path})["id"]
    conditions = [
        {"field": "deviceType", "operator": "equals", "value": "mobile"},
        {"field": "os", "operator": "equals", "value": "iOS"},
        {"field": "country", "operator": "equals", "value": "US"},
    ]
    rule = {"linkId": link, "name": "Mobile iOS Users in US", "destinationUrl": app}
    rule |= {"conditions": conditions, "conditionLogic": "AND", "priority": 1}
    api.linquid("/api/rules", rule)

    def expects(agent, address):
        phone = agent["class"] == "mobile" and agent["os"] == "iOS"
        return app if phone and address["country"] == "US" else other

    return Link("Linquid: Mobile iOS Users in US", link, path, expects, {"US"})


def shortio(api, path):
    """Two regions of one country."""
    regions, other = ("NY", "CA"), "https://example.com/shop"
    at = {region: f"https://example.com/shop/{region.lower()}" for region in regions}
    link = {"domain": "localhost", "originalURL": other, "path": path}
    link = api.shortio("/links", link)["idString"]
    for region, url in at.items():
        target = {"country": "US", "region": region, "originalURL": url}
        api.shortio(f"/link_region/{link}", target)

    def expects(_, address):
        return at.get(address["region"], other) if address["country"] == "US" else other

    return Link("Short.io: regions NY and CA", link, path, expects, {"US"})


def dglnk(api, path):
    """Two countries and then a device: the order decides where a phone in Russia lands."""
    other, phone = "https://example.com/home", "https://example.com/phone"
    at = {"RU": "https://example.com/ru", "DE": "https://example.com/de"}
    rules = [{"key": key.lower(), "value": url, "type": "geo"} for key, url in at.items()]
    rules.append({"key": "phone", "value": phone, "type": "device"})
    # With a title, so that nothing is fetched from the destination.
    body = {"long_url": other, "alias": path, "title": "Home", "rules": rules}
    link = api.dglnk("/api/links/create", body)["id"]

    def expects(agent, address):
        return at.get(address["country"], phone if agent["class"] == "mobile" else other)

    return Link("dgLnk: geo ru, geo de, device phone", link, path, expects, set(at))


# The clicks


def click_all(port, link, agents, addresses, least):
    """Every agent clicks twice: from a country that the rules name, and from anywhere."""
    chance = random.Random(SEED)
    aimed = [address for address in addresses if address["country"] in link.aims]
    pools = (aimed, addresses)
    clicks = [Click(agent, chance.choice(pool)) for agent in agents for pool in pools]
    bots = sum(click.agent["class"] == "bot" for click in clicks)
    tally = Tally(link, least, len(clicks), bots)
    with concurrent.futures.ThreadPoolExecutor(THREADS) as pool:
        shares = [clicks[start::THREADS] for start in range(THREADS)]
        for landed in pool.map(lambda share: click_some(port, link.path, share), shares):
            for click, location in landed:
                tally.landed(click, location)
    return tally


def click_some(port, path, clicks):
    connection = http.client.HTTPConnection("localhost", port, timeout=PATIENCE)
    landed = []
    for click in clicks:
        headers = {"User-Agent": click.agent["agent"], "X-Forwarded-For": click.address["address"]}
        connection.request("GET", f"/{path}", headers=headers)
        answer = connection.getresponse()
        answer.read()
        landed.append((click, answer.getheader("Location") or f"status {answer.status}"))
    connection.close()
    return landed


class Tally:
    """What came of one link's clicks."""

    def __init__(self, link, least, sent, bots):
        self.link, self.least, self.sent, self.bots = link, least, sent, bots
        self.right, self.wrong = 0, []
        self.counted = {}

    def landed(self, click, location):
        expected = self.link.expects(*click)
        if location == expected:
            self.right += 1
        else:
            self.wrong.append((click, expected, location))

    def count(self, api):
        """Clicks are stored soon after they are answered, so the count may take a moment."""
        deadline = time.monotonic() + PATIENCE
        while self.counted.get("total") != self.sent and time.monotonic() < deadline:
            self.counted = api.native(f"/api/v1/links/{self.link.id}/clicks?bots=include")
            time.sleep(0.1)

    def miscounts(self):
        due = {"total": self.sent, "people": self.sent - self.bots, "bots": self.bots}
        told = ((name, number, self.counted.get(name)) for name, number in due.items())
        return [(name, number, counted) for name, number, counted in told if number != counted]

    def result(self):
        """`(passed, failed)`: every click and count is a check, or one check a share of clicks."""
        miscounted = len(self.miscounts())
        if self.least == 1:
            right, wrong = self.right, len(self.wrong)
        else:
            right = int(self.least * self.sent <= self.right)
            wrong = 1 - right
        return right + 3 - miscounted, wrong + miscounted

    def show(self):
        total, bots = self.counted.get("total", "-"), self.counted.get("bots", "-")
        wrong = len(self.wrong)
        print(f"{self.link.name:36} {self.sent:7} {self.right:7} {wrong:7} {total:>8} {bots:>6}")
        for (agent, address), expected, location in self.wrong[:SHOWN]:
            place = "-".join(filter(None, (address["country"], address["region"])))
            kind = f"{agent['class']} {agent['os']}".strip()
            print(f"  {address['address']} ({place}), {kind}: {agent['agent']}")
            print(f"    expected {expected}, landed at {location}")
        if SHOWN < wrong:
            print(f"  and {wrong - SHOWN} more")
        for name, due, told in self.miscounts():
            print(f"  counted {name} {told}, expected {due}")


if __name__ == "__main__":
    sys.exit(main())
