import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingPty, Pty } from "../bench/pty.ts";
import { ensureBuilt, ROOT } from "../support/program.ts";

const LOG = join(ROOT, "fixtures/demo");
const LARGEST_BYTES = 3_000_000;
/** Node binaries to try the package on: the one of the tests, and what KTRAIL_NODES names, separated as in PATH. */
const NODES = [process.execPath, ...(process.env["KTRAIL_NODES"]?.split(delimiter) ?? [])];

let folder = "";
let tarball = "";

function npm(args: readonly string[], cwd: string): string {
  const run = spawnSync("npm", args, { cwd, encoding: "utf8", env: { ...process.env, npm_config_offline: "true" } });
  expect({ args, status: run.status, stderr: run.status === 0 ? "" : run.stderr }).toEqual({
    args,
    status: 0,
    stderr: "",
  });
  return run.stdout;
}

beforeAll(() => {
  ensureBuilt();
  folder = mkdtempSync(join(tmpdir(), "ktrail-npm-"));
  // Without what "prepare" does: others use the build at the same time.
  npm(["pack", "--ignore-scripts", "--pack-destination", folder], ROOT);
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "");
  mkdirSync(join(folder, "home"));
  writeFileSync(join(folder, "home/package.json"), "{}");
  npm(["install", "--no-audit", "--no-fund", tarball], join(folder, "home"));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("the npm package", () => {
  it("is small, and all there is to install", () => {
    expect(statSync(tarball).size).toBeLessThan(LARGEST_BYTES);
    const installed = readdirSync(join(folder, "home/node_modules")).filter((name) => !name.startsWith("."));
    expect(installed).toEqual(["ktrail"]);
    const files = readdirSync(join(folder, "home/node_modules/ktrail/dist"), { recursive: true, encoding: "utf8" });
    expect(files.filter((name) => /\.(map|code|json)$/.test(name))).toEqual([]);
  });

  describe.each(NODES)("on %s", (node) => {
    const PATH = (): string => {
      const bin = join(folder, "bin", String(NODES.indexOf(node)));
      mkdirSync(bin, { recursive: true });
      rmSync(join(bin, "node"), { force: true });
      symlinkSync(node, join(bin, "node"));
      return [bin, join(folder, "home/node_modules/.bin"), "/usr/bin", "/bin"].join(delimiter);
    };

    it("answers by both names and through npx", () => {
      for (const command of [["ktrail"], ["kubectl-trail"], ["npx", "--no", "ktrail"]]) {
        const [program = "", ...args] = command;
        const run = spawnSync(program, [...args, "info", LOG, "-o", "json"], {
          cwd: join(folder, "home"),
          env: { HOME: folder, PATH: `${PATH()}${delimiter}${process.env["PATH"] ?? ""}`, npm_config_offline: "true" },
          encoding: "utf8",
        });
        expect({ command, status: run.status, stderr: run.stderr }).toMatchObject({ command, status: 0 });
        expect(JSON.parse(run.stdout)).toMatchObject({ events: 9294 });
      }
    });

    it("names the licences of what it contains", () => {
      const run = spawnSync("ktrail", ["--licenses"], { env: { PATH: PATH() }, encoding: "utf8" });
      expect(run.stdout).toMatch(/^ink \d+\.\d+\.\d+ \(MIT\)$/m);
    });

    it.skipIf(missingPty() !== null)("opens the explorer", async () => {
      const pty = new Pty(["env", `PATH=${PATH()}`, "ktrail", LOG], 100, 30);
      await pty.until(() => pty.screen().includes("? help") && pty.screen().includes("8,819"));
      expect(pty.screen()).toContain("8,819 requests");
      await pty.close();
    });
  });
});
