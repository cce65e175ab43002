// Makes release/ktrail-OS-ARCH, the program in one file: Node.js with the bundles in it.
//   npm run package                                            for this machine
//   node scripts/package.mjs --node PATH --target linux-arm64  on another Node binary, of the version that runs this
// Code is saved by the Node that builds, so only a file for its own system and processor starts with it.
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import { inject } from "postject";
import { FLAG } from "./bundle/bounded.cjs";

/** Node looks for this text in its own file to know that there is something in it. */
const FUSE = "NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2";
const HERE = `${process.platform}-${process.arch}`;
const MIB = 1024 * 1024;

const { values } = parseArgs({ options: { node: { type: "string" }, target: { type: "string", default: HERE } } });
const [system] = values.target.split("-");
const binary = resolve(values.node ?? process.execPath);
const licence = [
  join(dirname(binary), "../LICENSE"),
  join(dirname(binary), "LICENSE"),
  ...globSync("node_modules/node/node_modules/*/LICENSE"),
].find(existsSync);
if (licence === undefined)
  throw new Error("Node's LICENSE is not beside its binary: it has to be in what is given away");
if (values.node === undefined && values.target !== HERE)
  throw new Error(`--target ${values.target} needs its --node PATH`);

function run(command, args) {
  const { status, error, stderr, stdout } = spawnSync(command, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${error?.message ?? stderr + stdout}`);
}

if (!existsSync("dist/main.cjs")) run(process.execPath, ["scripts/build.mjs"]);
const folder = mkdtempSync(join(tmpdir(), "ktrail-package-"));
const single = join(folder, "single.cjs");
await build({
  entryPoints: ["scripts/bundle/single.cjs"],
  bundle: true,
  platform: "node",
  target: "node22",
  format: "cjs",
  minify: true,
  charset: "ascii",
  outfile: single,
});
const names = readdirSync("dist").filter(
  (name) => name.endsWith(".cjs") || (values.target === HERE && name.endsWith(".code")),
);
const assets = Object.fromEntries(
  names.filter((name) => !["run.cjs", "bounded.cjs"].includes(name)).map((name) => [name, resolve("dist", name)]),
);
const config = join(folder, "sea.json");
const blob = join(folder, "blob");
writeFileSync(
  config,
  JSON.stringify({
    main: single,
    output: blob,
    disableExperimentalSEAWarning: true,
    // NODE_OPTIONS is for Node, not for a tool that root runs.
    execArgvExtension: "none",
    execArgv: [FLAG],
    assets: { ...assets, "single.cjs": single, "node-licence.txt": licence },
  }),
);
run(process.execPath, ["--experimental-sea-config", config]);

mkdirSync("release", { recursive: true });
const file = resolve("release", `ktrail-${values.target}${system === "win32" ? ".exe" : ""}`);
const draft = join(folder, "ktrail");
copyFileSync(binary, draft);
chmodSync(draft, 0o755);
// Symbols that only a debugger wants: 18 of 127 MB. They have to go before something is put in.
if (system === "linux" && values.target === HERE) spawnSync("strip", [draft]);
if (system === "darwin") run("codesign", ["--remove-signature", draft]);
await inject(draft, "NODE_SEA_BLOB", readFileSync(blob), {
  sentinelFuse: FUSE,
  ...(system === "darwin" ? { machoSegmentName: "NODE_SEA" } : {}),
});
if (system === "darwin") run("codesign", ["--sign", "-", draft]);
rmSync(file, { force: true });
copyFileSync(draft, file);
rmSync(folder, { recursive: true });
process.stdout.write(`${file}  ${(statSync(file).size / MIB).toFixed(1)} MiB\n`);
