"""Chooses 1,000 real user agents whose class is certain from their own corpus's labels."""

import collections
import json
import re

import yaml

COLUMNS = ("agent", "class", "os", "device", "brand", "browser", "corpus")

# How many of each kind, in the order in which they are drawn; phones fill the rest.
TOTAL = 1000
QUOTAS = {"bot": 150, "iphone": 190, "ipad": 40, "tablet": 80, "tv": 40, "desktop": 220}

# uap-core's device families whose class is beyond doubt. A family that no row names is left out:
# better a smaller table than a guess. The traps that the patterns step around: GT-N7000 is a phone
# and GT-N8000 a tablet, Nokia's N800 and the Lumia 2520 are tablets, Sony's C68xx is between both.
DEVICES = (
    ("iphone", r"iPhone"),
    ("ipad", r"iPad"),
    ("tablet", r"Generic Tablet|Kindle Fire.*|Nexus (7|9|10)|HP TouchPad|BlackBerry Playbook"),
    ("tablet", r"XiaoMi MI PAD.*|Asus Transformer.*|Motorola MZ\d{3}"),
    ("tablet", r"Samsung (GT-P\d{4}|SM-T\d{3}).*"),
    ("phone", r"Generic Smartphone|Generic Feature Phone|Nexus (One|S|4|5|5X|6|6P)|Pixel.*"),
    ("phone", r"HTC (One|Desire|Wildfire|Sensation|Hero|Incredible|Legend|Magic|EVO 3D)\b.*"),
    ("phone", r"Samsung (GT-[IS]\d{4}|SM-[AGJN]\d{3}|Galaxy Nexus).*"),
    ("phone", r"Lumia (?!2520)\d{3,4}|Nokia (N[6-9]\d|[CEX]\d-\d\d|\d{4})|BlackBerry \d{4}"),
    ("phone", r"Sony (C6[0-6]\d\d|D[56]\d{3}|LT\d\d\w?)|Motorola (MB|XT)\d{3,4}|LG-?[EP]\d{3}"),
    ("tv", r"HbbTV|NetCast\.TV|Inettv|Samsung SMART-TV|LG Google TV.*"),
)
# Likewise for operating systems that run on nothing but desktops.
DESKTOPS = {"Windows", "Mac OS X", "Ubuntu", "FreeBSD", "OpenBSD", "NetBSD", "Debian", "Chrome OS"}

CLASS = {"iphone": "mobile", "ipad": "tablet", "phone": "mobile"}


def choose(packages, chance):
    """The rows of the table, sorted by class and agent."""
    found = collections.defaultdict(dict)
    listed = crawler_list(packages)
    is_crawler = re.compile("|".join(crawler["pattern"] for crawler in listed)).search
    for kind, row in [*corpus(packages), *profiles(packages), *crawlers(listed)]:
        # Two corpora that differ (an iPhone whose app the crawler list names) are not certain.
        if sendable(row[0]) and bool(is_crawler(row[0])) == (kind == "bot"):
            found[kind].setdefault(row[0], row)
    rows = []
    for kind, quota in QUOTAS.items():
        rows += draw(found[kind], quota, chance)
    rows += draw(found["phone"], TOTAL - len(rows), chance)
    assert len(rows) == TOTAL, f"only {len(rows)} agents are certain"
    assert len({row[0] for row in rows}) == TOTAL, "an agent has two labels"
    return sorted(rows, key=lambda row: (row[1], row[0]))


def draw(found, quota, chance):
    """At most the quota, half of it from each corpus as far as both have enough."""
    corpora = collections.defaultdict(list)
    for agent in sorted(found):
        corpora[found[agent][-1]].append(found[agent])
    for rows in corpora.values():
        chance.shuffle(rows)
    chosen = []
    for share, rows in enumerate(sorted(corpora.values(), key=len)):
        left = (quota - len(chosen)) // (len(corpora) - share)
        chosen += rows[:left]
    return chosen


def sendable(agent):
    """Fits in a header as a browser would send it."""
    return agent.isascii() and agent.isprintable() and agent == agent.strip() and len(agent) <= 512


def browses(agent):
    """Whether it is the whole agent of something that follows links, as every browser since 2000.

    uap-core also has agents that were cut, phones of the WAP age, and apps' own downloads.
    """
    return agent.startswith(("Mozilla/", "Opera/")) and agent.count("(") == agent.count(")")


def corpus(packages):
    """uap-core's tests: what its maintainers say that each agent is."""
    folder = packages["corpus"] / "tests"
    device = cases(folder / "test_device.yaml")
    system = cases(folder / "test_os.yaml")
    browser = cases(folder / "test_ua.yaml")
    for agent in device.keys() | system.keys():
        label, os = device.get(agent, {}), system.get(agent, {}).get("family", "")
        family, brand = label.get("family", ""), label.get("brand") or ""
        # uap-core says "Windows" for Windows CE too, which ran on handhelds.
        kind = None if "Windows CE" in agent else kind_of(family, os)
        if kind is None or not browses(agent):
            continue
        # Whatever an iPhone or iPad claims to be, it runs nothing else.
        os = "iOS" if kind in ("iphone", "ipad") else os
        name = browser.get(agent, {}).get("family") or ""
        yield kind, (agent, CLASS.get(kind, kind), os, family, brand, name, "uap-core")


def kind_of(family, os):
    for kind, pattern in DEVICES:
        if re.fullmatch(pattern, family):
            return kind
    if os in DESKTOPS and family in ("", "Other", "Mac"):
        return "desktop"
    return None


def cases(path):
    with open(path, encoding="utf-8") as file:
        listed = yaml.load(file, yaml.CSafeLoader)["test_cases"]
    return {case["user_agent_string"]: case for case in listed}


# `navigator.platform` as the browser told it, with the category that goes with it.
PLATFORMS = {
    ("iPhone", "mobile"): "iphone",
    ("iPad", "tablet"): "ipad",
    ("Win32", "desktop"): "desktop",
    ("MacIntel", "desktop"): "desktop",
    ("Linux armv81", "mobile"): "phone",
    ("Linux aarch64", "mobile"): "phone",
    ("Linux x86_64", "mobile"): "phone",
}


def profiles(packages):
    """Browsers that visited real sites in 2026; certain where each profile of an agent agrees."""
    path = packages["profiles"] / "package/dist/user-agents.json"
    kinds = collections.defaultdict(set)
    for profile in json.loads(path.read_text(encoding="utf-8")):
        told = (profile["platform"], profile["deviceCategory"])
        kinds[profile["userAgent"]].add(PLATFORMS.get(told))
    for agent, (kind, *others) in kinds.items():
        # Some visitors send another browser's agent; the platform then gives them away.
        honest = ("iPhone" in agent) == (kind == "iphone") and ("iPad" in agent) == (kind == "ipad")
        if kind and not others and honest:
            os = "iOS" if kind in ("iphone", "ipad") else ""
            device = {"iphone": "iPhone", "ipad": "iPad"}.get(kind, "")
            brand = "Apple" if device else ""
            yield kind, (agent, CLASS.get(kind, kind), os, device, brand, "", "user-agents")


def crawler_list(packages):
    path = packages["crawlers"] / "crawleruseragents/crawler-user-agents.json"
    return json.loads(path.read_text(encoding="utf-8"))


def crawlers(listed):
    """The crawler list's examples, less those that name the device whose browser they wear."""
    worn = re.compile(r"iphone|ipad|ipod|android|mobile|phone|tablet", re.IGNORECASE)
    for crawler in listed:
        for agent in crawler.get("instances", []):
            if not worn.search(agent):
                yield "bot", (agent, "bot", "", "", "", "", "crawler-user-agents")
