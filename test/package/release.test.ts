import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { installedFiles, LINKS } from "../../scripts/release/files.ts";
import { manPage } from "../../scripts/release/man.ts";
import { CLI_COMMANDS } from "../../src/cli/commands/registry.ts";
import { OPTIONS } from "../../src/cli/options.ts";
import manifest from "../../package.json" with { type: "json" };
import { ensureBuilt, ROOT } from "../support/program.ts";

const { version } = manifest;

function has(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args).error === undefined;
}

let folder = "";
let at = "";

function made(name: string): string {
  return readFileSync(join(at, name), "utf8");
}

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "ktrail-release-"));
  at = join(folder, "release");
  mkdirSync(at);
  // What is inside does not matter to what is around it.
  for (const target of ["linux-x64", "linux-arm64", "darwin-arm64"]) {
    writeFileSync(join(at, `ktrail-${target}`), "#!/bin/sh\necho notices\n");
    chmodSync(join(at, `ktrail-${target}`), 0o755);
  }
  const args = ["scripts/release/main.ts", "--folder", at, "--repository", "someone/ktrail", "--date", "2026-01-02"];
  const run = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  expect({ status: run.status, stderr: run.stderr }).toEqual({ status: 0, stderr: "" });
});
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!has("dpkg-deb", "--version"))("a release", () => {
  it("has checksums of all that is fetched", () => {
    const lines = made("checksums.txt").trimEnd().split("\n");
    expect(lines.map((line) => line.slice(66))).toEqual([
      "ktrail.cdx.json",
      `ktrail_${version}_amd64.deb`,
      `ktrail_${version}_arm64.deb`,
      `ktrail_${version}_darwin_arm64.tar.gz`,
      `ktrail_${version}_linux_amd64.tar.gz`,
      `ktrail_${version}_linux_arm64.tar.gz`,
    ]);
    for (const line of lines) {
      const sum = createHash("sha256")
        .update(readFileSync(join(at, line.slice(66))))
        .digest("hex");
      expect(line).toBe(`${sum}  ${line.slice(66)}`);
    }
  });

  it("has archives and manifests that agree", () => {
    const plugin = parse(made("trail.yaml")) as {
      spec: { version: string; platforms: { uri: string; sha256: string; files: { from: string }[]; bin: string }[] };
    };
    expect(plugin.spec.version).toBe(`v${version}`);
    for (const { uri, sha256, files, bin } of plugin.spec.platforms) {
      const name = uri.slice(uri.lastIndexOf("/") + 1);
      expect(made("checksums.txt")).toContain(`${sha256}  ${name}`);
      expect(made("ktrail.rb")).toContain(`url "${uri}"\n      sha256 "${sha256}"`);
      const held = spawnSync("tar", ["-tzf", join(at, name)], { encoding: "utf8" })
        .stdout.trimEnd()
        .split("\n");
      expect(held).toEqual(installedFiles(version, "", "").map((file) => file.name));
      for (const { from } of [...files, { from: bin }]) expect(held).toContain(from);
    }
    expect(made("Dockerfile")).toContain(`image.version="${version}"`);
    const { contents } = parse(made("nfpm.yaml")) as { contents: { dst: string }[] };
    const places = [...installedFiles(version, "", ""), ...LINKS].map(({ to }) => to);
    expect(contents.map(({ dst }) => dst)).toEqual(places);
  });

  it("has a bill of materials whose references lead somewhere", () => {
    const bill = JSON.parse(made("ktrail.cdx.json")) as {
      components: { "bom-ref": string; purl: string; licenses: unknown[] }[];
      dependencies: { dependsOn: string[] }[];
    };
    const references = bill.components.map((each) => each["bom-ref"]);
    expect(new Set(references).size).toBe(references.length);
    expect(bill.dependencies[0]?.dependsOn).toEqual(references);
    expect(references).toContain(`pkg:generic/node@${process.versions.node}`);
    expect(references.some((reference) => reference.startsWith("pkg:npm/ink@"))).toBe(true);
  });

  it("has a .deb that installs by both names and leaves nothing when it goes", () => {
    const root = join(folder, "root");
    for (const name of ["info", "updates", "triggers"])
      mkdirSync(join(root, "var/lib/dpkg", name), { recursive: true });
    for (const name of ["status", "available"]) writeFileSync(join(root, "var/lib/dpkg", name), "");
    const dpkg = (...args: readonly string[]): void => {
      const always = [`--root=${root}`, "--force-not-root", "--force-depends", "--force-bad-path", "--log=/dev/null"];
      const run = spawnSync("dpkg", [...always, ...args], { encoding: "utf8" });
      expect({ status: run.status, output: run.status === 0 ? "" : run.stderr }).toEqual({ status: 0, output: "" });
    };
    dpkg("--force-architecture", "-i", join(at, `ktrail_${version}_amd64.deb`));
    for (const { to, mode } of installedFiles(version, "", "")) {
      expect(statSync(join(root, to.endsWith(".1") ? `${to}.gz` : to)).mode & 0o777).toBe(mode);
    }
    const run = spawnSync(join(root, "usr/bin/kubectl-trail"), { encoding: "utf8" });
    expect(run.stdout).toBe("notices\n");
    dpkg("-P", "ktrail");
    expect(readdirSync(root)).toEqual(["var"]);
  });

  it("needs nothing that the workflows do not run", () => {
    for (const name of ["ci", "release"]) {
      const text = readFileSync(join(ROOT, `.github/workflows/${name}.yml`), "utf8");
      const { jobs } = parse(text) as { jobs: Record<string, { steps: { run?: string }[] }> };
      const commands = Object.values(jobs).flatMap(({ steps }) => steps.flatMap((step) => step.run ?? []));
      for (const [, script = ""] of commands.join("\n").matchAll(/npm run ([\w:]+)/g)) {
        expect(Object.keys(manifest.scripts)).toContain(script);
      }
    }
  });
});

describe("the manual page", () => {
  const page = manPage(version, "2026-01-02");

  it("has every command and every option", () => {
    const plain = page.replaceAll("\\-", "-");
    for (const { name } of CLI_COMMANDS) expect(plain).toContain(`ktrail ${name}`.trimEnd());
    for (const { long } of Object.values(OPTIONS)) expect(plain).toContain(`--${long}`);
  });

  it.skipIf(!has("mandoc"))("is what mandoc understands", () => {
    const run = spawnSync("mandoc", ["-T", "lint", "-W", "warning"], { input: page, encoding: "utf8" });
    expect(run.stdout).toBe("");
  });
});

describe("the repository", () => {
  it.skipIf(spawnSync("git", ["rev-parse"], { cwd: ROOT }).status !== 0)("holds nothing that was built", () => {
    const tracked = spawnSync("git", ["ls-files", "-z"], { cwd: ROOT, encoding: "utf8" }).stdout.split("\0");
    const large = tracked.filter(
      (path) => path !== "" && (statSync(join(ROOT, path), { throwIfNoEntry: false })?.size ?? 0) > 2_000_000,
    );
    expect(large).toEqual([]);
  });
});
