// Builds the single file and runs the tests of the program against it, in place of bin/ktrail.js on this Node.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const TESTS = ["test/cli", "test/package", "test/hostile/pty.test.ts", "test/screens/multiplexers.test.ts"];
const FILE = resolve(`release/ktrail-${process.platform}-${process.arch}`);

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  if (status !== 0) process.exit(status ?? 1);
}

run("node", ["scripts/build.mjs"]);
run("node", ["scripts/package.mjs"]);
run("vitest", ["run", ...TESTS, ...process.argv.slice(2)], { KTRAIL_PACKAGED: FILE });
