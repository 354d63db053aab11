"""The clients: wrk for as much as a server can, our own at a fixed rate, and a careful one that looks."""

import collections
import json
import pathlib
import random
import resource
import shutil
import socket
import subprocess
import time

import world
from servers import Failed

HERE = pathlib.Path(__file__).resolve().parent
CONNECTIONS = 64
SAMPLE = 500
PATIENCE = 60  # seconds beyond a run's own

# `began` are requests that were sent, the last of them without waiting for their answers.
# `cpu` are seconds of the server, `threads` the same by the names of its threads; `client` is how much of
# its CPU the client took.
Run = collections.namedtuple("Run", "requests began seconds cpu threads client memory")


class Clients:
    """Programs and prepared requests in a folder of ours."""

    def __init__(self, folder, asked):
        self.folder, self.asked = folder, asked
        self.requests = folder / f"requests-{len(list(folder.iterdir()))}"
        world.write(asked, self.requests)
        self.load = build(folder)

    def saturate(self, server, seconds):
        """As many requests as the server answers."""
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", HERE / "wrk.lua"]
        command += [f"http://127.0.0.1:{server.port}/", "--", self.requests]
        before, threads, client = server.cpu(), server.threads(), children()
        told, _ = run(command, seconds)
        after, client = server.cpu(), children() - client
        threads = server.threads() - threads
        fields = told.rpartition("bench ")[2].split()
        requests, micros, failed, began = (int(field) for field in fields[:4])
        if failed or not requests:
            raise Failed(
                f"{server.name} answered {requests} requests, and {failed} failed:\n{told}"
            )
        cpu = type(before)(after.user - before.user, after.kernel - before.kernel)
        lasted = micros / 1e6
        return Run(requests, began, lasted, cpu, threads, client / lasted, server.memory())

    def pace(self, server, rate, seconds, status=302, connections=CONNECTIONS, requests=None):
        """So many requests a second, or with 0 each request once; answers what `load` tells."""
        command = [self.load, server.port, connections, rate, seconds, status]
        client = children()
        told, errors = run([*command, requests or self.requests], seconds)
        told = json.loads(told)
        told["client"] = (children() - client) / told["seconds"]
        if told["errors"]:
            raise Failed(
                f"{server.name}: {told['errors']} connections failed at {rate:,.0f}/s: {errors}"
            )
        return told

    def check(self, server, judge):
        """Looks at some answers closely; `judge(asked, status, location)` tells what is wrong."""
        chosen = random.Random(world.SEED).sample(self.asked, min(SAMPLE, len(self.asked)))
        with socket.create_connection(("127.0.0.1", server.port), timeout=PATIENCE) as wire:
            answers = wire.makefile("rb")
            for asked in chosen:
                wire.sendall(asked.text.encode())
                status, location = answer(answers)
                if wrong := judge(asked, status, location):
                    raise Failed(f"{server.name}: {wrong}\n{asked.text}")
        return len(chosen)


def answer(file):
    """A status and where it leads."""
    status = int(file.readline().split()[1])
    location, length = None, 0
    while line := file.readline().strip():
        name, _, value = line.decode().partition(":")
        if name.lower() == "location":
            location = value.strip()
        elif name.lower() == "content-length":
            length = int(value)
    file.read(length)
    return status, location


def leads_right(asked, status, location):
    due = world.destination(asked.slug, asked.outcome)
    if (status, location) == (302, due):
        return None
    return f"answered {status} to {location}, where 302 to {due} is right"


def redirects(_, status, location):
    return None if status == 302 and location else f"answered {status} to {location}"


def run(command, seconds):
    """What a client says: its results, and its errors."""
    command = [str(part) for part in command]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=seconds + PATIENCE, check=False
    )
    if done.returncode:
        raise Failed(f"{command[0]} failed with {done.returncode}: {done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def children():
    """Processor seconds of all clients that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def build(folder):
    """Our own client, compiled once a run."""
    program = folder / "load"
    if not program.exists():
        compiler = shutil.which("rustc")
        if not compiler:
            raise Failed("the client at a fixed rate needs rustc: see https://rustup.rs")
        source = HERE / "load.rs"
        command = [compiler, "--edition", "2024", "-O", source, "-o", program]
        subprocess.run(command, check=True)
    return program


def median(numbers):
    return sorted(numbers)[len(numbers) // 2]


def wait(seconds):
    """Between two runs, so that neither finds the other's connections."""
    time.sleep(seconds)
