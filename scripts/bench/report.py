"""What the benchmark writes: tables, where it ran, and its own sections of docs/performance.md."""

import datetime
import os
import pathlib
import platform
import re
import subprocess
import textwrap

from servers import BINARY, ROOT

PAGE = ROOT / "docs/performance.md"


def table(head, rows):
    """Markdown; the first column is text, all others are numbers or short words."""
    lines = [head, ["---"] * len(head), *rows]
    return ["| " + " | ".join(str(cell) for cell in line) + " |" for line in lines]


def circumstances(how, rounds, seconds):
    """When, where, with what."""
    today = datetime.date.today().isoformat()
    return (
        f"On {today}, {machine()}; {versions()}. The server under test was {how}; {rounds} rounds of "
        f"{seconds} s. Load of the machine before: {os.getloadavg()[0]:.1f}."
    )


def machine():
    info = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    model = re.search(r"model name\s*:\s*(.*)", info)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    name = model[1] if model else platform.machine()
    return f"{os.cpu_count()} CPUs ({name}), {memory:.0f} GiB, Linux {platform.release()}"


def versions():
    nginx = told("nginx", "-v").partition("/")[2]
    wrk = told("wrk", "-v").split()
    commit = told("git", "-C", ROOT, "rev-parse", "--short", "HEAD") or "unknown"
    if told("git", "-C", ROOT, "status", "--porcelain", "--", "crates", "Cargo.lock"):
        commit += " with changes"
    return f"{told(BINARY, '--version')} at {commit}, nginx {nginx}, wrk {wrk[1] if wrk else ''}"


def told(*command):
    """What a program says of itself, wherever it says it."""
    command = [str(part) for part in command]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return (done.stdout or done.stderr).strip()


def write(name, lines):
    """Puts a section between its two markers; where they are missing, at the page's end."""
    begin, end = f"<!-- bench {name} -->", f"<!-- end of bench {name} -->"
    page = PAGE.read_text(encoding="utf-8")
    section = "\n".join([begin, "", *(wrapped(line) for line in lines), "", end])
    if begin in page and end in page:
        before, rest = page.split(begin, 1)
        page = before + section + rest.split(end, 1)[1]
    else:
        page = page.rstrip("\n") + "\n\n" + section + "\n"
    PAGE.write_text(page, encoding="utf-8")


def wrapped(line):
    """Prose as long as the page's other lines; a table's row or a heading as it is."""
    if line.startswith(("|", "#")):
        return line
    return textwrap.fill(line, 104, break_long_words=False, break_on_hyphens=False)
