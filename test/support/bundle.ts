import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Bundles an entry point as the program itself is bundled (see scripts/build.mjs) into a folder of its own, with what the
 * engine's scanning threads run beside it. ink-table only
 * works that way, and a real terminal needs a program it can start.
 */
export async function bundle(entry: string, external: readonly string[] = []): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-bundle-"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const result = await build({
    absWorkingDir: root,
    entryPoints: { [parse(entry).name]: entry, "scan-worker": "src/engine/scan-worker.ts" },
    bundle: true,
    platform: "node",
    target: "node22",
    format: "esm",
    splitting: true,
    outdir: folder,
    external: [...external],
    define: { "process.env.NODE_ENV": '"production"', "process.env.DEV": '"false"' },
    alias: { "react-devtools-core": "./scripts/empty-module.mjs" },
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    metafile: true,
    logLevel: "warning",
  });
  const output = Object.entries(result.metafile.outputs).find(([, made]) => made.entryPoint === entry);
  if (output === undefined) throw new Error(`${entry} was not bundled`);
  return join(root, output[0]);
}
