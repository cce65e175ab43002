import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missingPty, Pty } from "../bench/pty.ts";
import { ROOT } from "../support/program.ts";

const FILE = join(ROOT, `release/ktrail-${process.platform}-${process.arch}`);
const missing = existsSync(FILE) ? null : "npm run package has not been run";
const LOG = "/log/demo";

/** Whether this process may change its root, here or in a namespace of its own. */
const enter = [["chroot"], ["unshare", "--map-root-user", "chroot"]].find(
  ([program = "", ...args]) => spawnSync(program, [...args, "/", "/bin/true"]).status === 0,
);

describe.skipIf(missing !== null || enter === undefined)(
  `the single file where there is nothing but the C library${missing === null ? "" : ` (skipped: ${missing})`}`,
  () => {
    let root = "";

    beforeAll(() => {
      root = mkdtempSync(join(tmpdir(), "ktrail-root-"));
      const needed = spawnSync("ldd", [FILE], { encoding: "utf8" }).stdout.match(/\/\S+\.so\S*/g) ?? [];
      for (const library of new Set(needed)) {
        mkdirSync(join(root, dirname(library)), { recursive: true });
        copyFileSync(library, join(root, library));
      }
      copyFileSync(FILE, join(root, "ktrail"));
      cpSync(join(ROOT, "fixtures/demo"), join(root, LOG), { recursive: true });
      mkdirSync(join(root, "dev"));
    });
    afterAll(() => rmSync(root, { recursive: true, force: true }));

    const command = (...args: readonly string[]): readonly string[] => [...(enter ?? []), root, "/ktrail", ...args];
    function ran(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
      const [program = "", ...words] = command(...args);
      const path = process.env["PATH"] ?? "";
      // chroot itself has to be found; the program gets an empty PATH.
      const { status, stdout, stderr } = spawnSync(program, words, { env: { PATH: path, ...env }, encoding: "utf8" });
      return { status, stdout, stderr };
    }

    it("answers as the installed program does", () => {
      const { status, stdout, stderr } = ran(["top", LOG, "--by", "user", "-o", "json"]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const args = [join(ROOT, "bin/ktrail.js"), "top", join(ROOT, "fixtures/demo"), "--by", "user", "-o", "json"];
      expect(stdout).toBe(spawnSync(process.execPath, args, { encoding: "utf8" }).stdout);
      expect(JSON.parse(ran(["info", "--threads", "2", LOG, "-o", "json"]).stdout)).toMatchObject({ events: 9294 });
    });

    it("says which Node is in it, whose licences, and obeys no NODE_OPTIONS", () => {
      const { stdout } = ran(["--version"], { NODE_OPTIONS: "--require /nowhere.js" });
      expect(stdout).toMatch(/^ktrail \d+\.\d+\.\d+ \(with Node\.js \d+\.\d+\.\d+\)\n$/);
      expect(ran(["--licenses"]).stdout).toMatch(/^ink \d+\.\d+\.\d+ \(MIT\)$/m);
      expect(ran(["--licenses"]).stdout).toContain("Node.js");
    });

    it("follows until it is interrupted", async () => {
      const path = join(root, "log/growing.log");
      const [first = "", second = ""] = readFileSync(join(ROOT, "fixtures/demo/audit.log"), "utf8").split("\n");
      writeFileSync(path, `${first}\n`);
      const [program = "", ...words] = command("events", "-f", "/log/growing.log", "-o", "raw");
      const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
      let seen = "";
      child.stdout.on("data", (chunk: Buffer) => (seen += chunk.toString()));
      await once(child.stdout, "data");
      appendFileSync(path, `${second}\n`);
      while (!seen.includes(second)) await once(child.stdout, "data");
      child.kill("SIGINT");
      expect(await once(child, "close")).toEqual([130, null]);
    });

    it.skipIf(missingPty() !== null)("opens the explorer with an empty PATH and leaves clean", async () => {
      const [program = "", ...words] = command(LOG);
      const pty = new Pty(
        ["env", `PATH=`, `${spawnSync("which", [program], { encoding: "utf8" }).stdout.trim()}`, ...words],
        100,
        30,
      );
      await pty.until(() => pty.screen().includes("? help") && pty.screen().includes("8,819"));
      await pty.close();
      expect(pty.output).toContain("ktrail: 8,819 requests");
    });
  },
);
