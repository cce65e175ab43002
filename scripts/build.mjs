// Bundles the program: one small entry for headless commands, the explorer and the engine's threads as
// separate chunks so that `ktrail top` never loads React.
import { rmSync } from "node:fs";
import { build } from "esbuild";

const common = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  splitting: true,
  outdir: "dist",
  chunkNames: "chunks/[name]-[hash]",
  sourcemap: "linked",
  sourcesContent: false,
  minify: true,
  keepNames: true,
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' },
  alias: { "react-devtools-core": "./scripts/empty-module.mjs" },
  banner: {
    js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
  },
  logLevel: "warning",
};

// Chunks are named by content: old ones would pile up and be packed.
rmSync("dist", { recursive: true, force: true });
await build({
  ...common,
  entryPoints: {
    main: "src/cli/main.ts",
    worker: "src/engine/worker.ts",
    "scan-worker": "src/engine/scan-worker.ts",
  },
});
