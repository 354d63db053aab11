"""The servers under test: started on loopback, held, frozen while others are measured, stopped."""

import collections
import contextlib
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import nginx
import world

ROOT = pathlib.Path(__file__).resolve().parents[2]
BINARY = (
    pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")).resolve() / "release/waypost"
)
GEOIP2 = pathlib.Path("/usr/lib/nginx/modules/ngx_http_geoip2_module.so")
PATIENCE = 60  # seconds until a server is up, or stopped
STORING = 600  # seconds until every click must be stored
BATCH, BATCH_BYTES = 1_000, 1_000_000  # what a bulk call takes: links, and the length of its body
TICKS = os.sysconf("SC_CLK_TCK")

Cpu = collections.namedtuple("Cpu", "user kernel")


class Failed(Exception):
    """What keeps the benchmark from going on, in a sentence."""


class Server:
    """A process of ours with its children."""

    def __init__(self, name, port, process):
        self.name, self.port, self.process = name, port, process

    def pids(self):
        """The server's and those of its workers, which its first thread makes."""
        pid = self.process.pid
        children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        return [pid, *(int(child) for child in children)]

    def cpu(self):
        """Seconds of processor time since the start, all threads together."""
        user = kernel = 0
        for pid in self.pids():
            # Behind the name, which may hold anything.
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            user, kernel = user + int(fields[11]), kernel + int(fields[12])
        return Cpu(user / TICKS, kernel / TICKS)

    def threads(self):
        """Seconds of processor time by the names of threads, of those that live."""
        spent = collections.Counter()
        for pid in self.pids():
            for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
                with contextlib.suppress(FileNotFoundError, ProcessLookupError):
                    head, _, tail = (task / "stat").read_text().rpartition(")")
                    fields = tail.split()
                    spent[head.partition("(")[2]] += (int(fields[11]) + int(fields[12])) / TICKS
        return spent

    def memory(self):
        """Bytes that are resident, of all processes."""
        return sum(self.resident(pid) for pid in self.pids())

    @staticmethod
    def resident(pid):
        for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) * 1024
        return 0

    def freeze(self):
        self.send(signal.SIGSTOP)

    def thaw(self):
        self.send(signal.SIGCONT)

    def send(self, number):
        for pid in self.pids():
            os.kill(pid, number)

    def settle(self):
        """Waits until nothing is left to do of what was answered."""

    def stop(self):
        with contextlib.suppress(ProcessLookupError, FileNotFoundError):
            self.thaw()
        self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Waypost(Server):
    """Our own, with a key that may do everything, in its folder, since `begun`."""

    def __init__(self, port, process, key, folder, begun):
        super().__init__("waypost", port, process)
        self.key, self.folder, self.begun = key, folder, begun

    def fetch(self, method, path, body=None, **headers):
        """What a call answers, as bytes."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=STORING)
        usual = {"Host": "localhost", "Authorization": f"Bearer {self.key}"}
        usual["Content-Type"] = "application/json"
        body = None if body is None else json.dumps(body)
        connection.request(method, path, body, usual | headers)
        answer = connection.getresponse()
        told = answer.read()
        connection.close()
        if not 200 <= answer.status < 300:
            raise Failed(f"{method} {path} answered {answer.status}: {told[:500]}")
        return told

    def call(self, method, path, body=None):
        return json.loads(self.fetch(method, path, body))

    def add(self, slugs, rules=4, within=None):
        """Makes a link of each slug; answers how many there were time for, in seconds."""
        begun, made = time.monotonic(), 0
        for links in batches(world.link(slug, rules) for slug in slugs):
            told = self.call("POST", "/api/v1/links/bulk", {"links": links})
            if told["failed"]:
                bad = next(one for one in told["data"] if one["status"] != 201)
                raise Failed(f"a link could not be made: {bad}")
            made += len(links)
            # As soon as it is plain that it would take too long, which the first calls cannot tell.
            spent = time.monotonic() - begun
            if within and within < 20 * spent and within < spent * len(slugs) / made:
                break
        return made

    def metric(self, name):
        for line in self.fetch("GET", "/metrics").decode().splitlines():
            if line.startswith(f"{name} "):
                return float(line.split()[1])
        return 0.0

    def answered(self):
        """Redirects since the start, as the server counted them."""
        return int(self.metric('waypost_answers_total{status="302"}'))

    def stored(self):
        """Clicks in the database, of everybody."""
        told = self.call("GET", "/api/v1/statistics/total?bots=include")
        return told["clicks"]

    def settle(self):
        deadline = time.monotonic() + STORING
        while self.metric("waypost_spool_waiting_bytes"):
            if deadline < time.monotonic():
                raise Failed(f"clicks were not stored within {STORING} s")
            time.sleep(0.05)


def batches(links):
    """As many links at a time as one bulk call takes."""
    batch, length = [], 0
    for link in links:
        size = len(json.dumps(link)) + 2
        if batch and (len(batch) == BATCH or BATCH_BYTES < length + size):
            yield batch
            batch, length = [], 0
        batch.append(link)
        length += size
    if batch:
        yield batch


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@contextlib.contextmanager
def started(make, *given):
    """A server that is stopped whatever happens."""
    server = make(*given)
    try:
        yield server
    finally:
        server.stop()


def anchor(folder, hold):
    port = free_port()
    return run_nginx("anchor", folder, hold, port, nginx.anchor(folder, port))


def rival(folder, hold, slugs):
    port = free_port()
    return run_nginx("rival", folder, hold, port, nginx.rival(folder, port, slugs, GEOIP2))


def run_nginx(name, folder, hold, port, settings):
    path = folder / f"{name}.conf"
    path.write_text(settings, encoding="utf-8")
    program = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    command = [program, "-c", path, "-e", folder / f"{name}.log"]
    log = folder / f"{name}.out"
    server = Server(name, port, run(command, folder, os.environ, log, hold))
    wait_until_open(server, log)
    return server


def waypost(folder, hold):
    """A server with an empty database of its own, and the places of the demonstration."""
    folder = folder / f"waypost-{len(list(folder.iterdir()))}"
    (folder / "geo").mkdir(parents=True)
    shutil.copy(world.GEO, folder / "geo")
    return resume(folder, hold)


def resume(folder, hold, wait=True):
    """A server on what another left in its folder; `wait` until it listens."""
    port = free_port()
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("WAYPOST_")
    }
    environment |= {
        "WAYPOST_LISTEN": f"127.0.0.1:{port}",
        "WAYPOST_PUBLIC_URL": "http://localhost",
        "WAYPOST_DATABASE_URL": f"sqlite://{folder}/waypost.db",
        "WAYPOST_DATA_DIR": f"{folder}/data",
        "WAYPOST_GEO_DIR": f"{folder}/geo",
        "WAYPOST_TRUSTED_PROXIES": "127.0.0.1/32",
        "WAYPOST_FETCH_TITLES": "off",
    }
    place = {"cwd": folder, "env": environment}
    command = [BINARY, "key", "create", f"bench {port}"]
    made = subprocess.run(command, **place, capture_output=True, text=True, check=False)
    if made.returncode:
        raise Failed(f"`waypost key create` failed: {made.stderr}")
    log = folder / "log"
    begun = time.monotonic()
    process = run([BINARY, "serve"], folder, environment, log, hold)
    key = made.stdout.splitlines()[-1].strip()
    server = Waypost(port, process, key, folder, begun)
    if wait:
        wait_until_open(server, log)
    return server


def run(command, folder, environment, log, hold):
    """A process apart, so that Ctrl-C reaches us alone, who then stop it."""
    place = {"cwd": folder, "env": environment, "start_new_session": True}
    with open(log, "ab") as told:
        return subprocess.Popen(command, **place, stdout=told, stderr=told, preexec_fn=hold.join)


def wait_until_open(server, log):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.process.poll() is None:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", server.port), timeout=1).close()
            return
        time.sleep(0.002)
    server.stop()
    raise Failed(f"{server.name} did not start:\n{log.read_text(errors='replace')}")
