// Loads the tests that know of ../shared where it is not: in a copy of what git would commit, alone in a folder. What needs it must
// be passed over there, not fail; everything else doesn't know where it is (test/contracts/shared-data.test.ts), so that it is
// collected here and run once, with the suite.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "ktrail-bare-"));
const clone = join(folder, "ktrail");
const git = spawnSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });
try {
  if (git.status !== 0) throw new Error(`no list of files from git: ${git.stderr ?? git.error}`);
  mkdirSync(clone);
  // With their times: the program must not look older than its sources.
  const keep = { recursive: true, preserveTimestamps: true };
  for (const path of git.stdout.split("\0").filter((path) => path !== "" && existsSync(path))) {
    mkdirSync(dirname(join(clone, path)), { recursive: true });
    cpSync(path, join(clone, path), keep);
  }
  cpSync("dist", join(clone, "dist"), keep);
  symlinkSync(resolve("node_modules"), join(clone, "node_modules"));
  const passedOver = ["-t", String.raw`without \.\./shared`];
  const { status } = spawnSync("vitest", ["related", "--run", ...passedOver, "test/support/shared-data.ts"], {
    cwd: clone,
    stdio: "inherit",
  });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
