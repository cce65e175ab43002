import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const TYPES = "node_modules/@types/node";
/** Used where they are only, after asking whether they are. */
const ASKED_FOR: Readonly<Record<string, readonly string[]>> = {
  "src/bytes/zlib-layer.ts": ["createZstdDecompress", "ZstdDecompress"],
  "src/clickhouse/client.ts": ["zstdCompressSync"],
  "src/clickhouse/ship/sender.ts": ["zstdCompressSync", "zstdDecompressSync"],
};
const { engines } = JSON.parse(readFileSync("package.json", "utf8")) as { readonly engines: { readonly node: string } };
const [, major, minor] = /^>=(\d+)(?:\.(\d+))?/.exec(engines.node) ?? [];

/** Exported names of Node's modules that came after a version, as their types' comments say. */
function exportsSince(oldest: readonly [number, number]): ReadonlyMap<string, ReadonlySet<string>> {
  const modules = new Map<string, Set<string>>();
  for (const path of readdirSync(TYPES, { recursive: true, encoding: "utf8" })) {
    if (!path.endsWith(".d.ts") || path.startsWith("ts5.")) continue;
    const names = new Set<string>();
    const declared =
      /@since v(\d+)\.(\d+)\.(?:(?!\*\/)[^])*\*\/\s*(?:export |declare )*(?:function|class|const|let) (\w+)/g;
    for (const [, since, then, name] of readFileSync(join(TYPES, path), "utf8").matchAll(declared))
      if (Number(since) > oldest[0] || (Number(since) === oldest[0] && Number(then) > oldest[1]))
        names.add(name as string);
    modules.set(path.slice(0, -".d.ts".length), names);
  }
  return modules;
}

describe("the oldest Node that package.json allows", () => {
  const newer = exportsSince([Number(major), Number(minor ?? 0)]);

  test("has what is imported from Node's modules", () => {
    expect(newer.get("zlib")).toContain("crc32");
    const found: string[] = [];
    for (const path of readdirSync("src", { recursive: true, encoding: "utf8" })) {
      if (!/\.tsx?$/.test(path)) continue;
      const file = join("src", path);
      const text = readFileSync(file, "utf8");
      for (const [, what = "", module = ""] of text.matchAll(/^import (?!type )([^;]*?) from "node:([^"]+)"/gm)) {
        const whole = /^(?:\* as )?(\w+)$/.exec(what)?.[1];
        const used =
          whole === undefined
            ? what.matchAll(/(\w+)(?= as|,| *\})/g)
            : text.matchAll(new RegExp(String.raw`\b${whole}\.(\w+)`, "g"));
        for (const [, name = ""] of used)
          if (newer.get(module)?.has(name) && !ASKED_FOR[file]?.includes(name))
            found.push(`${file}: ${module}.${name}`);
      }
    }
    expect(found).toEqual([]);
  });
});
