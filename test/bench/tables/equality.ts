/** Every column of every event beside what JSON.parse says of its line. */
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { createGunzip, gunzipSync } from "node:zlib";
import { Equality } from "../../ingest/equality.ts";
import { flipped, lengthened, MUTATIONS, randomFrom } from "../../ingest/mutations.ts";
import { auditLines } from "../generate.ts";
import { generated } from "../data.ts";
import { count, type Table } from "../report.ts";
import type { Settings } from "../settings.ts";

const SHARED = resolve(import.meta.dirname, "../../../../shared/data");
/** Original lines the fuzzed corpus is made of. */
const SEEDS = 2_000;
const CHUNK_BYTES = 512 * 1_024;
const LONGEST_BYTES = 16 * 2 ** 20;
/** Blocks of the fuzzed corpus between two lines of up to LONGEST_BYTES. */
const LONG_EVERY = 64;
const COLUMNS = 25;

export async function equalityTables(settings: Settings): Promise<readonly Table[]> {
  const rows: string[][] = [];
  const notes: string[] = [];
  const add = async (name: string, chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> => {
    process.stderr.write(`equality: ${name}\n`);
    const equality = new Equality();
    for await (const chunk of chunks) equality.push(chunk);
    equality.end();
    const { events, equal, fallbacks, takenInvalid, overLines, differences } = equality;
    rows.push([name, count(events), share(equal, events), count(fallbacks), count(takenInvalid), count(overLines)]);
    notes.push(...differences.map((difference) => `${name}: ${difference}`));
  };
  for (const profile of ["meta", "rr"] as const) {
    const { path } = generated(profile, settings.size);
    await add(`generated, ${profile}`, createReadStream(path, { highWaterMark: CHUNK_BYTES }));
  }
  await add("fuzzed", fuzzed(settings.size / 2));
  const logs = sharedLogs();
  if (logs.length === 0) notes.push("no recorded logs: ../shared is not beside the repository");
  for (const [name, paths] of logs) await add(name, contents(paths));
  const lists = sharedFiles("cluster/W", "public");
  if (lists.length > 0) await add("lists and documents, event by event", split(lists));
  return [
    {
      id: "equality",
      title: `Equal to JSON.parse in all ${COLUMNS} columns`,
      columns: ["", "events", "equal", "by JSON.parse", "damaged, yet taken", "over several lines"],
      rows,
      notes: [
        ...notes,
        "fuzzed: bytes flipped, keys reordered, fields missing or doubled, odd types, escapes, white space; lines to 16 MiB",
        "over several lines: not compared, since no line of them is an event",
        "damaged, yet taken: no JSON because of their status or bodies, which are only stepped over",
      ],
    },
  ];
}

/** Never rounded up to 100 %. */
function share(equal: number, events: number): string {
  return equal === events ? "100 %" : `${(Math.floor((equal / events) * 1e6) / 1e4).toFixed(4)} %`;
}

/** About `bytes` of lines, of which two thirds are damaged or written otherwise. */
function* fuzzed(bytes: number): Generator<Uint8Array> {
  const random = randomFrom(5);
  const lines: string[] = [];
  for (const line of auditLines("rr", 5)) {
    if (line.length < 16_384 && lines.push(line.trimEnd()) === SEEDS) break;
  }
  const ways = Object.values(MUTATIONS);
  const withBody = lines.find((line) => line.includes('"requestObject":{')) as string;
  let left = bytes;
  for (let made = 0; left > 0; made++) {
    const block: Uint8Array[] = [];
    for (let blockBytes = 0; blockBytes < CHUNK_BYTES;) {
      const line = lines[random(lines.length)] as string;
      const way = ways[random(ways.length)] as (typeof ways)[number];
      const choice = random(3);
      const next =
        choice === 0
          ? Buffer.from(line)
          : choice === 1
            ? flipped(line, random).bytes
            : Buffer.from(way(line, random, lines));
      block.push(next, Buffer.from("\n"));
      blockBytes += next.length + 1;
    }
    if (made % LONG_EVERY === 1) block.push(Buffer.from(`${lengthened(withBody, random(LONGEST_BYTES))}\n`));
    const whole = Buffer.concat(block);
    left -= whole.length;
    for (let at = 0; at < whole.length;) {
      const end = at + 1 + random(2 * CHUNK_BYTES);
      yield whole.subarray(at, end);
      at = end;
    }
  }
}

/** Logs of one event a line, by the folder they lie in. */
function sharedLogs(): [string, string[]][] {
  return ["cluster/L", "cluster/R", "cluster/V", "public"].flatMap((folder): [string, string[]][] => {
    const paths = sharedFiles(folder);
    return paths.length === 0 ? [] : [[folder, paths]];
  });
}

function sharedFiles(...folders: readonly string[]): string[] {
  return folders.flatMap((folder) => {
    const root = join(SHARED, folder);
    if (!existsSync(root)) return [];
    return readdirSync(root, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(log|json|jsonl|ndjson)(\.gz)?$/.test(name) && !/TRUTH|steps|objects/.test(name))
      .sort()
      .map((name) => join(root, name))
      .filter((path) => statSync(path).isFile());
  });
}

/** The events inside lists, arrays and documents, each on a line of its own. */
function* split(paths: readonly string[]): Generator<Uint8Array> {
  for (const path of paths) {
    const bytes = readFileSync(path);
    const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8");
    const values = parsed(text) ?? text.split("\n").flatMap((line) => parsed(line) ?? []);
    for (const event of values) yield Buffer.from(`${JSON.stringify(event)}\n`);
  }
}

/** The elements of a list or array, or the value alone; null when it is no JSON. */
function parsed(text: string): readonly unknown[] | null {
  try {
    const value = JSON.parse(text) as unknown;
    if (Array.isArray(value)) return value;
    const items = typeof value === "object" && value !== null && "items" in value ? value.items : null;
    return Array.isArray(items) ? items : [value];
  } catch {
    return null;
  }
}

async function* contents(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) {
    const bytes = createReadStream(path, { highWaterMark: CHUNK_BYTES });
    yield* path.endsWith(".gz") ? bytes.pipe(createGunzip({ chunkSize: CHUNK_BYTES })) : bytes;
    yield Buffer.from("\n");
  }
}
