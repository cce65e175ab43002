// Bundles the program: the command line, and beside it the explorer, the headless commands and the engine's thread, so that none
// loads what only another needs. Then saves what V8 compiles of them.
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { build } from "esbuild";
import { bundling } from "./bundle/bundling.mjs";
import { notices, packagesIn } from "./bundle/contents.mjs";

/** Modules that are imported when they are needed only, and their bundles. */
const ENTRIES = {
  main: "src/cli/main.ts",
  explorer: "src/cli/open-explorer.ts",
  headless: "src/cli/session.ts",
  originals: "src/cli/originals-session.ts",
  report: "src/cli/report/report-answer.ts",
  "yaml-tree": "src/yaml/yaml-tree.ts",
  "yaml-values": "src/yaml/yaml-values.ts",
  unpackers: "src/bytes/unpackers.ts",
  listener: "src/listen/listener.ts",
  store: "src/cli/store/store-session.ts",
  "store-engine": "src/engine/store-engine.ts",
  mcp: "src/cli/mcp/serve.ts",
  "archive-readers": "src/bytes/archives/archive-readers.ts",
  "yaml-map": "src/config/yaml-map.ts",
  re2js: "node_modules/re2js/build/index.js",
  notices: "src/cli/notices.ts",
  worker: "src/engine/worker.ts",
};

const apart = {
  name: "bundles-of-their-own",
  setup(context) {
    const bundles = new Map(Object.entries(ENTRIES).map(([name, entry]) => [basename(entry), `./${name}.cjs`]));
    context.onResolve({ filter: /^\.[\w./-]+\.ts$/ }, ({ kind, path }) => {
      const bundle = kind === "dynamic-import" ? bundles.get(basename(path)) : undefined;
      return bundle === undefined ? undefined : { path: bundle, external: true };
    });
    context.onResolve({ filter: /^re2js\/original$/ }, () => ({ path: "./re2js.cjs", external: true }));
  },
};

const settings = {
  ...bundling,
  plugins: [apart, ...bundling.plugins],
  format: "cjs",
  outExtension: { ".js": ".cjs" },
  define: { ...bundling.define, "import.meta.url": "bundleUrl" },
  // The function that run.cjs calls: wrapping the text when it is run would copy all of it.
  banner: {
    js: `(function (exports, require, module, __filename, __dirname) {
const bundleUrl = require("node:url").pathToFileURL(__filename).href;`,
  },
  footer: { js: "})" },
  // Bundles are CommonJS and load each other as such.
  supported: { "dynamic-import": false },
  outdir: "dist",
  // Without keepNames: it would set each name anew at every start. Stack traces are read with the source maps.
  minify: true,
  legalComments: "none",
  sourcemap: "linked",
  sourcesContent: false,
  metafile: true,
};
rmSync("dist", { recursive: true, force: true });
const { notices: noticesEntry, ...entryPoints } = ENTRIES;
const { metafile } = await build({ ...settings, entryPoints });
const packages = packagesIn(metafile);
const { license } = JSON.parse(readFileSync("package.json", "utf8"));
await build({
  ...settings,
  entryPoints: { notices: noticesEntry },
  define: { ...settings.define, KTRAIL_NOTICES: JSON.stringify(notices(license, packages)) },
});
writeFileSync("dist/contents.json", `${JSON.stringify(packages, null, 2)}\n`);
// esbuild escapes what is not ASCII, but in regular expressions; a file of ASCII is read in half the time.
for (const name of Object.keys(ENTRIES)) {
  const escaped = readFileSync(`dist/${name}.cjs`, "utf8").replaceAll(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  writeFileSync(`dist/${name}.cjs`, escaped);
}
for (const name of ["run.cjs", "bounded.cjs"]) copyFileSync(`scripts/bundle/${name}`, `dist/${name}`);
mkdirSync("dist/threads");
writeFileSync("dist/threads/worker.cjs", '"use strict";\nrequire("../run.cjs").run("worker.cjs");\n');
for (const args of [["info"], []]) {
  const run = spawnSync(process.execPath, ["scripts/bundle/save-code.cjs", ...args, "fixtures/demo"], {
    encoding: "utf8",
  });
  // Without saved code the program only starts slower.
  if (run.status !== 0) process.stderr.write(`code not saved: ${run.stderr}\n`);
}
