"""Holding a server to half a core, so that it is the server that saturates and not the client.

A control group with a period of 10 ms does so. Where none may be made, the server has one CPU and
the client another, and what comes of it says more about the client than about the server.
"""

import contextlib
import os
import pathlib

PERIOD_US = 10_000
SHARE = 0.5

CPUS = sorted(os.sched_getaffinity(0))
# The client gets all CPUs but one, where there are several; the server's is always one, as nginx
# has one worker, and Waypost as many loops as it has CPUs.
SERVER_CPUS = CPUS[-1:]
CLIENT_CPUS = CPUS[:-1] or CPUS


class Hold:
    """A control group, of either version, or only a CPU."""

    def __init__(self, group, version):
        self.group, self.version = group, version

    @property
    def is_half(self):
        return self.group is not None

    def join(self):
        """Puts the calling process, about to become a server, where it is to be held."""
        os.sched_setaffinity(0, SERVER_CPUS)
        if self.group:
            (self.group / "cgroup.procs").write_text(str(os.getpid()))

    def tighten(self):
        if self.group:
            self.allow(int(PERIOD_US * SHARE))

    def loosen(self):
        """Lets go, for what is not measured."""
        if self.group:
            self.allow(None)

    def allow(self, quota_us):
        if self.version == 2:
            told = "max" if quota_us is None else quota_us
            (self.group / "cpu.max").write_text(f"{told} {PERIOD_US}")
        else:
            (self.group / "cpu.cfs_period_us").write_text(str(PERIOD_US))
            (self.group / "cpu.cfs_quota_us").write_text(str(-1 if quota_us is None else quota_us))

    def __str__(self):
        if not self.group:
            return f"pinned to CPU {SERVER_CPUS[0]}, as no control group may be made here"
        return f"half of CPU {SERVER_CPUS[0]} by a control group (version {self.version}), period 10 ms"


@contextlib.contextmanager
def held(name):
    """A hold of our own, gone at the end; whatever it held must have ended by then."""
    for version, parent in parents():
        group = parent / f"{name}-{os.getpid()}"
        hold = Hold(group, version)
        try:
            if (
                version == 2
                and "cpu" not in (parent / "cgroup.subtree_control").read_text().split()
            ):
                (parent / "cgroup.subtree_control").write_text("+cpu")
            group.mkdir()
            hold.tighten()
            hold.loosen()
        except OSError:
            with contextlib.suppress(OSError):
                group.rmdir()
            continue
        try:
            yield hold
        finally:
            with contextlib.suppress(OSError):
                group.rmdir()
        return
    yield Hold(None, None)


def parents():
    """Groups under which one of our own may be made, the likeliest first."""
    ours = {}
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            ours[controller] = path.lstrip("/")
    for line in pathlib.Path("/proc/self/mounts").read_text().splitlines():
        _, at, kind, options, *_ = line.split()
        at = pathlib.Path(at)
        if kind == "cgroup" and "cpu" in options.split(","):
            version, path = 1, ours.get("cpu", "")
        elif kind == "cgroup2" and has_cpu(at):
            version, path = 2, ours.get("", "")
        else:
            continue
        # Inside of a container the path may be that of outside.
        yield from ((version, parent) for parent in (at, at / path) if parent.is_dir())


def has_cpu(group):
    try:
        return "cpu" in (group / "cgroup.controllers").read_text().split()
    except OSError:
        return False
