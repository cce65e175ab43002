// What of other people is in the bundles: for the notices that their licences ask for, and for the bill of materials.
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const PACKAGE = /.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;
const LICENCE_FILE = /^(?:licen[cs]e|copying|notice)/i;

/** The npm packages that a build's inputs belong to, by name and version: each with its folder. */
export function packagesIn(metafile) {
  const packages = new Map();
  for (const path of Object.keys(metafile.inputs)) {
    // Files of a plugin's namespace have it in front, and their whole path.
    const found = PACKAGE.exec(relative(process.cwd(), resolve(path.replace(/^[\w-]+:/, ""))));
    if (found === null) continue;
    const folder = found[0].slice(0, -1);
    const { name, version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const known = `${name} ${version}`;
    if (packages.has(known)) continue;
    packages.set(known, { name, version, license, author: author?.name ?? author ?? "", folder });
  }
  return [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, found]) => found);
}

export function notices(own, packages) {
  const parts = packages.map(({ name, version, license, author, folder }) => {
    const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
    const texts = files.map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
    const text = texts.length > 0 ? texts.join("\n\n") : `Copyright ${author}\nLicensed under ${license}.`;
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return [`ktrail is ${own}. It contains the following packages.\n`, ...parts].join(`\n${"-".repeat(80)}\n`);
}
