// Writes what Waypost is held against: `agents.tsv` here, with what bowser says of agents of real
// traffic, and uap-core's whole corpus to the file that is named, as it is too long to keep.

import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createRequire } from "node:module";
import bowser from "bowser";
import { load } from "js-yaml";

const packages = join(import.meta.dirname, "node_modules");
const json = (path) => JSON.parse(readFileSync(join(packages, path), "utf8"));

/** Tab-separated, with empty cells for what is not said. */
function write(path, rows) {
  const line = (row) => row.map((cell) => `${cell ?? ""}`.replaceAll(/[\t\n]/g, " ")).join("\t");
  writeFileSync(path, rows.map((row) => `${line(row)}\n`).join(""));
}

/** How many of user-agents' 10,000 visitors sent each agent; none of those that only top knows. */
function seen() {
  const agents = new Map(json("top-user-agents/src/index.json").map((agent) => [agent, 0]));
  for (const { userAgent } of json("user-agents/dist/user-agents.json")) {
    agents.set(userAgent, (agents.get(userAgent) ?? 0) + 1);
  }
  return [...agents].sort(([a], [b]) => (a < b ? -1 : 1));
}

const head = ["agent", "seen", "browser", "browser version", "os", "os version", "device"];
const rows = seen().map(([agent, count]) => {
  const { browser, os, platform } = bowser.parse(agent);
  // Bowser gives Windows the kernel's version, and the one that people know as its name.
  const version = os.name === "Windows" ? os.versionName : os.version;
  return [agent, count, browser.name, browser.version, os.name, version, platform.type];
});
write(join(import.meta.dirname, "agents.tsv"), [head, ...rows]);

const metadata = execFileSync("cargo", ["metadata", "--format-version", "1", "--locked"], {
  maxBuffer: 2 ** 28,
});
const crate = JSON.parse(metadata).packages.find(({ name }) => name === "ua-parser");
const core = join(dirname(crate.manifest_path), "uap-core", "tests");
const cases = (name) => load(readFileSync(join(core, `test_${name}.yaml`), "utf8")).test_cases;
const version = ({ major, minor, patch }) => {
  const parts = [major, minor, patch];
  const end = parts.findIndex((part) => part == null);
  return parts.slice(0, end < 0 ? parts.length : end).join(".");
};
write(process.argv[2], [
  ...cases("ua").map((c) => ["browser", c.user_agent_string, c.family, version(c)]),
  ...cases("os").map((c) => ["system", c.user_agent_string, c.family, version(c)]),
  ...cases("device").map((c) => ["device", c.user_agent_string, c.family, c.brand, c.model]),
]);
