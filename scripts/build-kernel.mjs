// Compiles wasm/event-kernel.ts with AssemblyScript into src/ingest/scanner/event-kernel.wasm.ts. Run it after a change of
// the kernel; the result is committed, so that neither installing nor building needs the compiler:
//   npm exec --yes --package=assemblyscript@0.28.20 -- node scripts/build-kernel.mjs [RESULT]
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SOURCE = "wasm/event-kernel.ts";
const RESULT = process.argv[2] ?? "src/ingest/scanner/event-kernel.wasm.ts";

/** isAt(p, 'text') → comparisons of eight bytes each; the last one overlaps. */
function expandLiterals(source) {
  return source.replace(/\bisAt\((\w+), '([^']+)'\)/g, (_, at, literal) => {
    const bytes = Buffer.from(literal, "latin1");
    if (bytes.length < 8) throw new Error(`literal of less than 8 bytes: ${literal}`);
    const tests = [];
    for (let offset = 0; ; offset += 8) {
      const from = Math.min(offset, bytes.length - 8);
      tests.push(`load<u64>(${at}, ${from}) == 0x${bytes.readBigUInt64LE(from).toString(16)}`);
      if (from + 8 === bytes.length) break;
    }
    return `(${tests.join(" && ")})`;
  });
}

const folder = mkdtempSync(join(tmpdir(), "event-kernel-"));
try {
  const source = join(folder, "event-kernel.ts");
  const binary = join(folder, "event-kernel.wasm");
  const written = readFileSync(SOURCE, "utf8");
  writeFileSync(source, expandLiterals(written).replace(/^\/\/ inline$/gm, "@inline"));
  const options = ["--outFile", binary, "--runtime", "stub", "-O3", "--enable", "simd", "--noAssert"];
  const memory = ["--initialMemory", "352", "--memoryBase", "64"];
  const { status } = spawnSync("asc", [source, ...options, ...memory], { stdio: "inherit" });
  if (status !== 0) throw new Error("asc failed");
  const base64 = readFileSync(binary)
    .toString("base64")
    .replace(/.{1,110}/g, (line) => `  "${line}",\n`);
  const sha256 = createHash("sha256").update(written).digest("hex");
  writeFileSync(
    RESULT,
    `/** ${SOURCE}, compiled by scripts/build-kernel.mjs; base64. */\n// Source: sha256 ${sha256}\nexport const EVENT_KERNEL: readonly string[] = [\n${base64}];\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
