"""What is asked of every server: links with rules, real agents, public addresses, raw requests.

All of it is drawn from a seed, so that each server and each run gets the same.
"""

import collections
import csv
import ipaddress
import pathlib
import random

from mmdb import Mmdb

DEMO = pathlib.Path(__file__).resolve().parents[2] / "tests/demo"
GEO = DEMO / "geo.mmdb"
SEED = 8

AGENTS = 50
ADDRESSES = 20_000
# How many agents of each class: the rest of a class's name is where `os` must be this.
MIX = (
    ("mobile", "iOS", 12),
    ("mobile", "", 16),
    ("desktop", "", 15),
    ("tablet", "", 3),
    ("bot", "", 4),
)
LANGUAGES = (
    "en-US,en;q=0.9",
    "en-GB,en;q=0.8",
    "de-DE,de;q=0.9,en;q=0.7",
    "es-MX,es;q=0.9,en-US;q=0.8,en;q=0.7",
    "fr-FR,fr;q=0.8",
    "pt-BR,pt;q=0.9,en;q=0.6",
    "ja",
    "zh-CN,zh;q=0.9",
)
PARTNER = "partner.example"
REFERRERS = (
    None,
    None,
    "https://www.google.com/",
    "https://news.example.org/2026/11/a-story.html",
    "https://mail.example.net/inbox?folder=2",
    f"https://www.{PARTNER}/offers",
)
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"

# What the four rules of a link ask, as an outcome each; who meets none of them goes to `OTHER`.
OUTCOMES = ("ios", "near", "partner", "firefox")
OTHER = "all"
STATES = ("CA", "NY", "TX")
CONTINENTS = {
    "AF": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW KE KM LR LS LY MA MG "
    "ML MR MU MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TG TN TZ UG YT ZA ZM ZW",
    "OC": "AS AU CK FJ FM GU KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
}
NEAR = frozenset(" ".join(CONTINENTS.values()).split())

# One request as it goes over the wire, and where it has to lead.
Asked = collections.namedtuple("Asked", "text slug outcome")
Place = collections.namedtuple("Place", "address country region")


def conditions():
    """The conditions of the four rules, as the API takes them."""

    def test(field, operator, value):
        return {"field": field, "operator": operator, "value": value}

    return {
        "ios": {
            "all": [
                test("country", "equals", "US"),
                test("deviceType", "equals", "mobile"),
                test("os", "equals", "iOS"),
            ]
        },
        "near": {
            "any": [
                test("region", "in", [f"US-{state}" for state in STATES]),
                test("continent", "in", list(CONTINENTS)),
            ]
        },
        "partner": {
            "any": [
                test("language", "equals", "pt"),
                test("referrerDomain", "equals", PARTNER),
            ]
        },
        "firefox": {
            "all": [
                test("browser", "equals", "Firefox"),
                test("deviceType", "equals", "desktop"),
            ]
        },
    }


def outcome(agent, place, language, referrer):
    """The same four rules, by the tables of the demonstration alone."""
    if agent["class"] == "mobile" and agent["os"] == "iOS" and place.country == "US":
        return "ios"
    if place.country in NEAR or place.country == "US" and place.region in STATES:
        return "near"
    if language.startswith("pt") or referrer and PARTNER in referrer:
        return "partner"
    if agent["class"] == "desktop" and "Firefox/" in agent["agent"]:
        return "firefox"
    return OTHER


def destination(slug, told):
    return f"https://example.com/{told}/{slug}?from=waypost"


def slugs(count):
    """So many different slugs, of six characters as shorteners make them."""
    chance = random.Random(SEED)
    made = {}
    while len(made) < count:
        made["".join(chance.choices(LETTERS, k=6))] = None
    return list(made)


def link(slug, rules=4):
    """A link with so many rules as the API takes it; those beyond four come first and match nobody."""
    known = conditions()
    if rules < len(known):
        wanted = dict(list(known.items())[:rules])
    else:
        wanted = {f"never-{i}": never(i) for i in range(rules - len(known))} | known
    return {
        "slug": slug,
        "destination": destination(slug, OTHER),
        "rules": [
            {"name": name, "when": when, "action": {"redirect": destination(slug, name)}}
            for name, when in wanted.items()
        ],
    }


def never(i):
    """A condition of two tests that is no visitor's."""
    return {
        "all": [
            {"field": "country", "operator": "in", "value": ["US", "DE", "RU", "FR", "JP"]},
            {"field": "query.campaign", "operator": "equals", "value": f"campaign-{i}"},
        ]
    }


def agents():
    """Fifty real agents; a few are programs."""
    with open(DEMO / "agents.tsv", encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    chance = random.Random(SEED)
    chosen = []
    for kind, system, count in MIX:
        # Programs name themselves; people come with what their own browser told.
        corpus = "crawler-user-agents" if kind == "bot" else "user-agents"
        fitting = [a for a in known if a["class"] == kind and a["corpus"] == corpus]
        fitting = [a for a in fitting if kind != "mobile" or a["os"] == system]
        chosen += chance.sample(fitting, count)
    assert len(chosen) == AGENTS
    return chosen


def places():
    """Twenty thousand public addresses of the networks in the demonstration's database."""
    chance = random.Random(SEED)
    networks = list(Mmdb(GEO).networks())
    chosen = {}
    while len(chosen) < ADDRESSES:
        network, record = chance.choice(networks)
        address = ipaddress.ip_address(
            int(network.network_address) + chance.randrange(network.num_addresses)
        )
        if address.is_global and not address.is_multicast:
            states = record.get("subdivisions") or [{"iso_code": ""}]
            told = Place(str(address), record["country"]["iso_code"], states[0]["iso_code"])
            chosen[told.address] = told
    return list(chosen.values())


def requests(known):
    """Each slug and each address equally often; agents, languages and sites that refer at random."""
    chance = random.Random(SEED)
    who, where = agents(), places()
    asked = []
    for number in range(max(len(known), ADDRESSES)):
        slug, place = known[number % len(known)], where[number % ADDRESSES]
        agent = chance.choice(who)
        language, referrer = chance.choice(LANGUAGES), chance.choice(REFERRERS)
        asked.append(
            Asked(
                text(slug, agent["agent"], place.address, language, referrer),
                slug,
                outcome(agent, place, language, referrer),
            )
        )
    chance.shuffle(asked)
    return asked


def text(slug, agent, address, language, referrer):
    lines = [
        f"GET /{slug} HTTP/1.1",
        "Host: localhost",
        f"User-Agent: {agent}",
        "Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
        f"Accept-Language: {language}",
        "Accept-Encoding: gzip, deflate, br",
    ]
    if referrer:
        lines.append(f"Referer: {referrer}")
    lines.append(f"X-Forwarded-For: {address}")
    return "\r\n".join(lines) + "\r\n\r\n"


def write(asked, path):
    """The requests one after the other, each closed by a zero byte."""
    path.write_text("\0".join(one.text for one in asked) + "\0", encoding="utf-8", newline="")
