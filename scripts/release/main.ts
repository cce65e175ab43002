/**
 * Everything that is published of a version, from the single files that are in release/ (scripts/package.mjs makes them):
 * archives, a .deb, checksums, the bill of materials and the channels' manifests.
 *   npm run release -- --repository OWNER/NAME [--date YYYY-MM-DD]
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import manifest from "../../package.json" with { type: "json" };
import {
  type Archive,
  archiveName,
  debControl,
  dockerfile,
  homebrew,
  krew,
  nfpm,
  platform,
  type Release,
} from "./channels.ts";
import { type InstalledFile, installedFiles, LINKS } from "./files.ts";

const { values } = parseArgs({
  options: { repository: { type: "string" }, date: { type: "string" }, folder: { type: "string", default: "release" } },
});
if (values.repository === undefined) throw new Error("--repository OWNER/NAME: manifests name where archives are");
const folder = resolve(values.folder);
const date = values.date ?? new Date().toISOString().slice(0, 10);
const { version } = manifest;

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr}`);
  return stdout;
}

function sha256(path: string): string {
  return createHash("sha256").update(readFileSync(path)).digest("hex");
}

function put(path: string, file: InstalledFile, program: string): void {
  mkdirSync(dirname(path), { recursive: true });
  if (file.text === null) copyFileSync(program, path);
  else writeFileSync(path, file.text);
  chmodSync(path, file.mode);
}

/** The same files, the same bytes: names in order, no owners, the time of the release. */
const SAME = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", `--mtime=${date}T00:00:00Z`];

function archive(target: string, program: string, files: readonly InstalledFile[]): Archive {
  const staged = mkdtempSync(join(tmpdir(), "ktrail-archive-"));
  for (const file of files) put(join(staged, file.name), file, program);
  const path = join(folder, archiveName(version, target));
  run("tar", [...SAME, "--use-compress-program=gzip -9n", "-cf", path, "-C", staged, ...files.map(({ name }) => name)]);
  rmSync(staged, { recursive: true });
  return { target, sha256: sha256(path) };
}

function deb(release: Release, target: string, program: string, files: readonly InstalledFile[]): void {
  const staged = mkdtempSync(join(tmpdir(), "ktrail-deb-"));
  chmodSync(staged, 0o755);
  for (const file of files) put(join(staged, file.to), file, program);
  for (const { to, target: of } of LINKS) symlinkSync(of, join(staged, to));
  run("gzip", ["-9n", join(staged, "usr/share/man/man1/ktrail.1")]);
  const kilobytes = Math.ceil(statSync(program).size / 1024);
  const { arch } = platform(target);
  mkdirSync(join(staged, "DEBIAN"));
  writeFileSync(join(staged, "DEBIAN/control"), debControl(release, arch, kilobytes));
  run("dpkg-deb", [
    "--root-owner-group",
    "-Zxz",
    "-z3",
    "--build",
    staged,
    join(folder, `ktrail_${version}_${arch}.deb`),
  ]);
  rmSync(staged, { recursive: true });
}

const programs = readdirSync(folder)
  .filter((name) => /^ktrail-(?:linux|darwin)-\w+$/.test(name))
  .map((name) => ({ target: name.slice("ktrail-".length), path: join(folder, name) }));
if (programs.length === 0) throw new Error(`no single file in ${folder}: npm run package makes one`);

const here = programs.find(({ target }) => target === `${process.platform}-${process.arch}`);
const notices =
  here === undefined ? run(process.execPath, ["bin/ktrail.js", "--licenses"]) : run(here.path, ["--licenses"]);
const files = installedFiles(version, date, notices);
const archives = programs.map(({ target, path }) => archive(target, path, files));
const release: Release = {
  version,
  about: manifest.description,
  home: `https://github.com/${values.repository}`,
  license: manifest.license,
  archives,
};
for (const { target, path } of programs) if (target.startsWith("linux-")) deb(release, target, path, files);

const manifests: Readonly<Record<string, string>> = {
  "nfpm.yaml": nfpm(release, files),
  "trail.yaml": krew(release),
  "ktrail.rb": homebrew(release),
  Dockerfile: dockerfile(release),
  "ktrail.cdx.json": run(process.execPath, ["scripts/sbom.mjs", "--node", process.versions.node]),
};
for (const [name, text] of Object.entries(manifests)) writeFileSync(join(folder, name), text);

const published = readdirSync(folder)
  .filter((name) => /\.(?:tar\.gz|deb|rpm|cdx\.json)$/.test(name))
  .sort();
writeFileSync(
  join(folder, "checksums.txt"),
  published.map((name) => `${sha256(join(folder, name))}  ${name}\n`).join(""),
);
for (const name of [...published, "checksums.txt", ...Object.keys(manifests)].filter((name) =>
  existsSync(join(folder, name)),
)) {
  process.stdout.write(`${name}  ${statSync(join(folder, name)).size}\n`);
}
