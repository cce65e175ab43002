// npm leaves optional packages of other platforms out of the lock when the registry at hand does not carry them, and then
// `npm ci` refuses the lock. This writes them in, with the platform their name tells, so that they are skipped where they
// don't fit. Run after every change of dependencies, in the folder of the
// lock: node scripts/complete-lock.mjs
import { readFileSync, writeFileSync } from "node:fs";

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "openharmony", "win32", "sunos", "netbsd", "openbsd", "aix"];
const path = "package-lock.json";
const lock = JSON.parse(readFileSync(path, "utf8"));

for (const [parentPath, parent] of Object.entries(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const nested = `${parentPath}/node_modules/${name}`;
    const top = `node_modules/${name}`;
    if (lock.packages[nested] !== undefined || lock.packages[top] !== undefined || !/^\d/.test(version)) continue;
    const words = name.split("/").at(-1).split("-");
    const os = words.find((word) => SYSTEMS.includes(word));
    const cpu = os === undefined ? words.at(-1) : words[words.indexOf(os) + 1];
    lock.packages[top] = {
      version,
      cpu: [cpu ?? "unknown"],
      ...(parent.dev === true ? { dev: true } : {}),
      optional: true,
      os: [os ?? "unknown"],
    };
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
