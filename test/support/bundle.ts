import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundling } from "../../scripts/bundle/bundling.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Bundles an entry point as the program itself is bundled (see scripts/bundle), but as ES modules, into a folder of its own. ink-table only works that way, and a real terminal needs a program it can start.
 */
export async function bundle(entry: string, external: readonly string[] = []): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "ktrail-bundle-"));
  writeFileSync(join(folder, "package.json"), '{"type":"module"}');
  const result = await build({
    ...bundling,
    entryPoints: { [parse(entry).name]: entry },
    format: "esm",
    splitting: true,
    outdir: folder,
    external: [...external],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
    metafile: true,
  });
  const output = Object.entries(result.metafile.outputs).find(([, made]) => made.entryPoint === entry);
  if (output === undefined) throw new Error(`${entry} was not bundled`);
  return join(root, output[0]);
}
