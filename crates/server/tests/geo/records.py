"""Makes `records.tsv`: what MaxMind's own sources say of their test databases, network by network.

    python records.py maxminddb-3.2.0/tests/data/source-data

The folder is in the source package of PyPI maxminddb 3.2.0 (see NOTICE). Facts that no rule can
test are left out.
"""

import ipaddress
import json
import sys
from pathlib import Path

DATABASES = (
    "GeoIP2-City-Test",
    "GeoLite2-ASN-Test",
    "GeoIP2-ISP-Test",
    "GeoIP2-Anonymous-IP-Test",
    "GeoIP-Anonymous-Plus-Test",
    "GeoIP2-Connection-Type-Test",
)
COLUMNS = ("database", "address", "country", "regions", "city", "zone", "isp", "asn", "flags", "connection")


def main():
    source = Path(sys.argv[1])
    with open(Path(__file__).parent / "records.tsv", "w", encoding="utf-8", newline="\n") as file:
        print(*COLUMNS, sep="\t", file=file)
        for database in DATABASES:
            listed = json.loads((source / f"{database}.json").read_text(encoding="utf-8"))
            records = {network(text): r for entry in listed for text, r in entry.items()}
            by_width = sorted(records, key=lambda network: -network.prefixlen)
            for first in sorted({network.network_address for network in records}):
                # The narrowest network around an address counts.
                record = records[next(n for n in by_width if first in n)]
                print(database, address(first), *facts(record), sep="\t", file=file)


def network(text):
    """As IPv6, where MaxMind keeps IPv4 in `::/96`."""
    found = ipaddress.ip_network(text)
    if found.version == 6:
        return found
    start = ipaddress.IPv6Address(int(found.network_address))
    return ipaddress.ip_network((start, found.prefixlen + 96))


def address(first):
    return ipaddress.IPv4Address(int(first)) if int(first) < 2**32 else first


def facts(record):
    # The last subdivision is the narrowest; ISO 3166-2 does not list every one.
    parts = [part["iso_code"] for part in record.get("subdivisions", []) if "iso_code" in part]
    flags = ("anonymous_vpn", "public_proxy", "residential_proxy", "tor_exit_node")
    flags = [flag for flag in (*flags, "hosting_provider") if record.get(f"is_{flag}")]
    yield record.get("country", {}).get("iso_code", "")
    yield ",".join(reversed(parts))
    yield record.get("city", {}).get("names", {}).get("en", "")
    yield record.get("location", {}).get("time_zone", "")
    yield record.get("isp") or record.get("autonomous_system_organization", "")
    yield record.get("autonomous_system_number", "")
    yield ",".join(flags)
    yield record.get("connection_type", "").lower()


if __name__ == "__main__":
    main()
