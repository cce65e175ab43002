// The README's test command: checks, build, then every test; ends with "N passed, N failed".
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let passed = 0;
let failed = 0;

/** What doesn't depend on each other runs side by side. */
function check(name, command, ...args) {
  return new Promise((done) => {
    const run = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    const end = (isGood) => {
      if (isGood) passed += 1;
      else failed += 1;
      process.stdout.write(isGood ? `ok    ${name}\n` : `FAIL  ${name}\n${output}\n`);
      done();
    };
    for (const stream of [run.stdout, run.stderr]) stream.on("data", (chunk) => (output += chunk));
    run.on("error", (error) => {
      output += error;
    });
    run.on("close", (code) => end(code === 0));
  });
}

await check("build", "node", "scripts/build.mjs");
await Promise.all([
  check("types", "npm", "run", "-s", "typecheck"),
  check("lint", "npm", "run", "-s", "lint"),
  check("format", "oxfmt", "--check", "src", "test", "scripts", "bin", "wasm"),
  check("dead code", "knip"),
  check("bare clone", "node", "scripts/bare-clone.mjs"),
]);

const folder = mkdtempSync(join(tmpdir(), "ktrail-test-"));
const report = join(folder, "report.json");
spawnSync("vitest", ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`], {
  stdio: ["ignore", "inherit", "inherit"],
});
try {
  const result = JSON.parse(readFileSync(report, "utf8"));
  passed += result.numPassedTests;
  failed += result.numFailedTests;
  // A suite that fails to load has no failed test of its own.
  if (result.numFailedTests === 0 && result.success === false) failed += Math.max(1, result.numFailedTestSuites);
} catch {
  failed += 1;
}
rmSync(folder, { recursive: true, force: true });

process.stdout.write(`${passed} passed, ${failed} failed\n`);
process.exit(failed === 0 ? 0 : 1);
