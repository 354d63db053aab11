"""Makes the databases in `made/`: small ones in the schemas that MaxMind's test data lack.

Needs PyPI mmdb-writer 0.2.7 (`pip install mmdb-writer==0.2.7`).
"""

from pathlib import Path

from mmdb_writer import MMDBWriter, MmdbF32
from netaddr import IPSet

MADE = Path(__file__).resolve().parent / "made"


def make(name, kind, rows, ip_version=6):
    compatible = ip_version == 6
    writer = MMDBWriter(ip_version, kind, ["en"], kind, ipv4_compatible=compatible)
    for network, record in rows.items():
        writer.insert_network(IPSet([network]), record)
    writer.to_db_file(str(MADE / name))


def flat_city(country, state, city, latitude, longitude):
    """ip-location-db: all flat, coordinates as 32-bit floats, what is not known as empty text."""
    return {
        "city": city,
        "country_code": country,
        "latitude": MmdbF32(latitude),
        "longitude": MmdbF32(longitude),
        "postcode": "",
        "state1": state,
        "state2": "",
        "timezone": "",
    }


make(
    "flat-city-ipv4.mmdb",
    "ip-location-db city",
    {
        "5.1.0.0/16": flat_city("DE", "Bavaria", "Munich", 48.1375, 11.575),
        "5.2.0.0/16": flat_city("NP", "Bagmati Province", "Kathmandu", 27.7, 85.3),
        "5.3.0.0/16": flat_city("TW", "Taiwan", "Kaohsiung City", 22.6, 120.3),
    },
    ip_version=4,
)
make(
    "flat-city-ipv6.mmdb",
    "ip-location-db city",
    {"2a00:1::/32": flat_city("FR", "Île-de-France", "Paris", 48.85, 2.35)},
)
make(
    "ipinfo-lite.mmdb",
    "ipinfo generic_lite_free.mmdb",
    {
        "5.1.0.0/16": {
            "as_domain": "cogentco.com",
            "as_name": "Cogent Communications",
            "asn": "AS174",
            "continent": "Europe",
            "continent_code": "EU",
            "country": "Germany",
            "country_code": "DE",
        },
        # Not where the city database puts it.
        "5.2.0.0/16": {
            "asn": "AS65536",
            "as_name": "Elsewhere Ltd",
            "continent": "Asia",
            "continent_code": "AS",
            "country": "India",
            "country_code": "IN",
        },
    },
)
make(
    "privacy.mmdb",
    "ipinfo privacy",
    {"5.1.1.0/24": {"vpn": "true", "proxy": "", "tor": "", "relay": "", "hosting": "true"}},
)
# The official free databases of DB-IP: MaxMind's shape, regions by name alone.
make(
    "dbip-city-lite.mmdb",
    "DBIP-City-Lite",
    {
        "5.4.0.0/16": {
            "city": {"names": {"en": "Los Angeles (Downtown)"}},
            "continent": {"code": "NA", "names": {"en": "North America"}},
            "country": {"iso_code": "US", "names": {"en": "United States"}},
            "location": {"latitude": 34.05, "longitude": -118.24},
            "subdivisions": [{"names": {"en": "California"}}],
        }
    },
)
