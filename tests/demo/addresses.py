"""Draws public addresses on whose country independent sources agree.

Three say where an address is used: IPFire, whois with ASN, and DB-IP. The fourth says where the
network that announces it is registered. Where that is elsewhere (a cloud, a carrier of several
countries, leased space), "the country of this address" has two answers, so none is drawn there.
"""

import bisect
import collections
import ipaddress
import itertools

import maxminddb
import mmdb_writer
import netaddr
import pycountry

COLUMNS = ("address", "country", "region")

# How many IPv4 and IPv6 addresses of each country; the rules ask about the first three.
MANY = {"US": (160, 40), "RU": (24, 6), "DE": (24, 6)}
FEW = (8, 2)
OTHERS = (
    "AR AT AU BE BG BR CA CH CL CN CO CZ DK EE ES FI FR GB GR HK HU ID IE IL IN IT JP KE KR LT "
    "LV MX MY NL NO NZ PH PL PT RO RS SE SG SI SK TH TR TW UA VN ZA"
).split()


def choose(packages, chance):
    """The rows of the table, sorted by country and address."""
    sources = Sources(packages)
    rows = []
    for country in sorted([*MANY, *OTHERS]):
        for version, quota in zip((4, 6), MANY.get(country, FEW)):
            rows += sources.draw(country, version, quota, chance)
    return sorted(rows, key=lambda row: (row[1], ipaddress.ip_address(row[0]).version, row[0]))


class Sources:
    """IPFire's table gives the ranges to draw from; the others must then agree."""

    def __init__(self, packages):
        tor = packages["tor"] / "usr/share/tor"
        self.ranges = {4: ranges(tor / "geoip"), 6: ranges(tor / "geoip6")}
        whois = packages["whois"] / "package/geo-whois-asn-country.mmdb"
        self.whois = maxminddb.open_database(whois)
        network = packages["network"] / "package/iptoasn-country.mmdb"
        self.network = maxminddb.open_database(network)
        self.city = open_city(packages)

    def draw(self, country, version, quota, chance):
        """Every IPv4 address has the same chance; of IPv6, every range that a provider gets, /32.

        By size, one giant's /20 would hide a country's IPv6; the small ranges are mostly lent out.
        """
        smallest = {4: 1, 6: 2**96}[version]
        held = [(a, b) for a, b in self.ranges[version][country] if smallest <= b - a + 1]
        sizes = [last - first + 1 if version == 4 else 1 for first, last in held]
        bounds = list(itertools.accumulate(sizes))
        rows = {}
        for _ in range(20_000):
            first, last = held[bisect.bisect_right(bounds, chance.randrange(bounds[-1]))]
            address = str(ipaddress.ip_address(chance.randint(first, last)))
            if self.agree(address, version, country):
                region = self.region(address, version) if country == "US" else ""
                if region is not None:
                    rows[address] = (address, country, region)
            if len(rows) == quota:
                break
        assert len(rows) == quota, f"{country}: {len(rows)} of {quota} addresses of IPv{version}"
        return list(rows.values())

    def agree(self, address, version, country):
        told = [source.get(address) for source in (self.whois, self.network, self.city[version])]
        public = ipaddress.ip_address(address).is_global
        return public and all(record and record["country_code"] == country for record in told)

    def region(self, address, version):
        """The state's bare ISO 3166-2 code; none where DB-IP names no state, so not used here."""
        return STATES.get(self.city[version].get(address)["state1"])


def ranges(path):
    """Country to its `(first, last)` ranges; the two files differ in how they write addresses."""
    read = int if path.name == "geoip" else lambda text: int(ipaddress.ip_address(text))
    held = collections.defaultdict(list)
    for line in path.read_text(encoding="ascii").splitlines():
        if not line.startswith("#"):
            first, last, country = line.split(",")
            held[country].append((read(first), read(last)))
    return held


def open_city(packages):
    folder = packages["city"] / "package"
    return {v: maxminddb.open_database(folder / f"dbip-city-ipv{v}.mmdb") for v in (4, 6)}


# DB-IP writes states by their English names, the capital's district in its own way.
STATES = {state.name: state.code[3:] for state in pycountry.subdivisions.get(country_code="US")}
STATES["Washington, D.C."] = "DC"


def write_city(packages, rows, path):
    """A City database in MaxMind's schema that holds the networks of these rows alone."""
    city = open_city(packages)
    writer = mmdb_writer.MMDBWriter(
        ip_version=6,
        ipv4_compatible=True,
        database_type="DBIP-City-Lite",
        languages=["en"],
        description="Networks of the demonstration's addresses; IP Geolocation by DB-IP",
    )
    networks = {}
    for address, country, region in rows:
        told, prefix = city[ipaddress.ip_address(address).version].get_with_prefix_len(address)
        record = {
            "country": {"iso_code": country},
            "city": {"names": {"en": told["city"]}},
            "location": {
                "latitude": round(told["latitude"], 2),
                "longitude": round(told["longitude"], 2),
            },
        }
        if region:
            state = {"iso_code": region, "names": {"en": told["state1"]}}
            record["subdivisions"] = [state]
        networks[str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))] = record
    for network, record in sorted(networks.items()):
        writer.insert_network(netaddr.IPSet([network]), record)
    writer.to_db_file(str(path))
    print(f"{path.name}: {len(networks)} networks, {path.stat().st_size} bytes")
