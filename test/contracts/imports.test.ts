import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

/**
 * What each room of src may import: other rooms (`room:types`: types, and the constants of its contract), Node's builtins
 * and packages. The table of
 * docs/architecture.md says the same in words.
 */
interface Room {
  readonly rooms: readonly string[];
  /** All, or these. */
  readonly builtins?: true | readonly string[];
  readonly packages?: readonly string[];
}

const ROOMS: Readonly<Record<string, Room>> = {
  events: { rooms: [] },
  files: { rooms: [], builtins: true },
  bytes: { rooms: ["events", "ingest:types", "files", "errors"], builtins: true },
  // zlib: what a log pipeline packed inside a record.
  formats: { rooms: ["events", "ingest:types", "errors"], builtins: ["zlib"] },
  index: { rooms: ["events"] },
  ingest: { rooms: ["events", "bytes:types", "formats", "index"] },
  // v8: the linear-time regex engine.
  queries: { rooms: ["events", "index", "errors"], builtins: ["v8"] },
  store: { rooms: ["events:types", "queries:types"] },
  finder: { rooms: ["events", "index"] },
  // crypto: hashes that keep names apart.
  rbac: { rooms: ["events", "queries:types"], builtins: ["crypto"] },
  lineage: { rooms: ["events", "index", "queries", "masking"] },
  policy: { rooms: ["events", "formats", "queries", "yaml", "models"] },
  // crypto: keyed pseudonyms.
  redaction: { rooms: ["events", "queries", "rbac", "masking"], builtins: ["crypto"] },
  findings: { rooms: ["events", "queries", "rbac", "lineage", "masking", "models"] },
  listen: { rooms: ["formats", "errors"], builtins: true },
  // What is read to be shipped, cli brings.
  clickhouse: {
    rooms: ["events", "bytes", "ingest", "queries", "store:types", "finder", "files", "errors"],
    builtins: true,
  },
  engine: {
    rooms: [
      "store",
      "clickhouse",
      "events",
      "bytes",
      "formats",
      "listen",
      "ingest",
      "index",
      "queries",
      "finder",
      "rbac",
      "lineage",
      "findings",
      "policy",
      "yaml",
      "files",
      "errors",
    ],
    builtins: true,
  },
  state: { rooms: ["events:types", "queries:types", "engine:types"] },
  masking: { rooms: ["events"] },
  models: { rooms: ["events", "masking"] },
  commands: { rooms: ["events", "state", "masking", "panes:types", "models:types", "engine:types", "queries"] },
  panes: {
    rooms: [
      "events",
      "state",
      "masking",
      "models",
      "commands",
      "queries",
      "rbac",
      "engine:types",
      "store:types",
      "lineage:types",
      "findings",
      "ingest:types",
      "policy",
      "errors",
    ],
  },
  terminal: { rooms: ["models:types"] },
  yaml: { rooms: ["events"], packages: ["yaml"] },
  config: { rooms: ["terminal", "state", "queries", "models", "files", "yaml"], builtins: true, packages: ["yaml"] },
  ui: {
    rooms: [
      "state",
      "models",
      "commands",
      "panes",
      "engine",
      "store:types",
      "terminal",
      "files",
      "config:types",
      "events",
      "queries:types",
      "errors",
    ],
    builtins: true,
  },
  cli: {
    rooms: [
      "clickhouse",
      "events",
      "ingest",
      "formats",
      "index",
      "queries",
      "lineage",
      "rbac",
      "findings",
      "engine",
      "clickhouse",
      "listen",
      "files",
      "masking",
      "models",
      "state",
      "commands",
      "panes",
      "terminal",
      "config",
      "yaml",
      "policy",
      "redaction",
      "ui:dynamic",
      "errors",
    ],
    builtins: true,
  },
  errors: { rooms: [] },
};

/** Packages and the rooms that may load them; all others have no runtime dependency. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  ink: ["ui"],
  react: ["ui"],
  "ink-table": ["ui"],
  "fuse.js": ["finder", "ui"],
  "@clickhouse/client": ["clickhouse"],
  "@modelcontextprotocol/sdk": ["cli"],
  "ipaddr.js": ["queries", "redaction"],
  re2js: ["queries"],
  "stream-json": ["formats"],
  "string-width": ["models"],
  "tar-stream": ["bytes"],
  yauzl: ["bytes"],
  "unbzip2-stream": ["bytes"],
  "xz-decompress": ["bytes"],
  commander: ["cli"],
  yaml: ["yaml", "config", "formats"],
  "csv-stringify": ["cli"],
  ms: ["cli"],
};

type Kind = "runtime" | "types" | "dynamic";

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly kind: Kind;
}

const root = resolve(import.meta.dirname, "../..");
const source = join(root, "src");

function sourceFiles(): readonly string[] {
  return readdirSync(source, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => join(source, path));
}

const STATIC = /^\s*(?:import|export)\s+(type\s)?(?:([^"';]*?)\sfrom\s+)?"([^"]+)"/gm;
const DYNAMIC = /\bimport\(\s*"([^"]+)"\s*\)/g;

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, "utf8");
  const found: Import[] = [];
  for (const [, typeKeyword, names, specifier = ""] of text.matchAll(STATIC)) {
    const named = /^\{([^}]*)\}$/.exec(names?.trim() ?? "")?.[1];
    const onlyTypes =
      named !== undefined && named.split(",").every((name) => name.trim() === "" || /^\s*type\s/.test(name));
    found.push({ file, specifier, kind: typeKeyword !== undefined || onlyTypes ? "types" : "runtime" });
  }
  for (const [, specifier = ""] of text.matchAll(DYNAMIC)) found.push({ file, specifier, kind: "dynamic" });
  return found;
}

/** `src/panes/top.ts` → panes, `src/errors.ts` → errors. */
function roomOf(path: string): string {
  return (relative(source, path).split("/")[0] ?? "").replace(/\.tsx?$/, "");
}

/** A sentence when the import breaks the table, null when it is fine. */
function fault({ file, specifier, kind }: Import): string | null {
  const from = roomOf(file);
  const room = ROOMS[from];
  const where = `${relative(root, file)} imports ${specifier}`;
  if (room === undefined) return `${where}: src/${from} is not in the table of rooms`;
  if (specifier.startsWith(".")) {
    const target = resolve(dirname(file), specifier);
    if (relative(root, target) === "package.json")
      return from === "cli" ? null : `${where}: only cli reads the manifest`;
    const to = roomOf(target);
    if (to === from || room.rooms.includes(to)) return null;
    const isContract = kind === "types" || relative(source, target) === `${to}/contract.ts`;
    if (isContract && room.rooms.includes(`${to}:types`)) return null;
    if (kind !== "runtime" && room.rooms.includes(`${to}:dynamic`)) return null;
    return `${where}: ${from} may not use ${to} (${kind})`;
  }
  const name = specifier.replace(/^node:/, "");
  if (specifier.startsWith("node:") || builtinModules.includes(name)) {
    if (room.builtins === true || room.builtins?.includes(name) || kind === "types") return null;
    return `${where}: ${from} does not use this Node builtin`;
  }
  const packageName = specifier.startsWith("@") ? specifier.split("/", 2).join("/") : (specifier.split("/")[0] ?? "");
  return PACKAGES[packageName]?.includes(from) ? null : `${where}: ${from} may not depend on ${packageName}`;
}

describe("imports", () => {
  const imports = sourceFiles().flatMap(importsOf);

  it("reads the imports of the sources", () => {
    expect(imports.length).toBeGreaterThan(100);
  });

  it("go only where the table of rooms allows", () => {
    expect(imports.map(fault).filter((sentence) => sentence !== null)).toEqual([]);
  });

  it("answers to questions know the store, not the ring behind it", () => {
    const asks = imports.filter(({ file }) => file.startsWith(join(source, "engine/asks/")));
    expect(asks.length).toBeGreaterThan(50);
    const ofTheRing =
      /\/(?:index\/(?:ring|contract)|queries\/(?:index-queries|matching-runs|scan)|raw-events|ring-store)\.ts$/;
    expect(asks.filter(({ specifier }) => ofTheRing.test(specifier))).toEqual([]);
  });

  it("threads are started and answered in engine only", () => {
    const threads = imports.filter(({ specifier }) => specifier.endsWith("worker_threads"));
    expect([...new Set(threads.map(({ file }) => roomOf(file)))]).toEqual(["engine"]);
  });

  it("catch a wrong direction, a package in a core room and a static import of the screen", () => {
    const wrong = (file: string, specifier: string, kind: Kind = "runtime"): string | null =>
      fault({ file: join(source, file), specifier, kind });
    expect(wrong("events/request.ts", "../index/contract.ts", "types")).toContain("may not use index");
    expect(wrong("queries/plan.ts", "lodash")).toContain("may not depend on lodash");
    expect(wrong("panes/top.ts", "ink")).toContain("may not depend on ink");
    expect(wrong("cli/main.ts", "../ui/explorer.tsx")).toContain("may not use ui (runtime)");
    expect(wrong("cli/main.ts", "../ui/explorer.tsx", "dynamic")).toBeNull();
    expect(wrong("index/ring.ts", "node:fs")).toContain("does not use this Node builtin");
  });
});

describe("source files", () => {
  /** Over the house's 300 lines there is a reason; over this there is none. */
  const MOST_LINES = 400;

  it(`have at most ${MOST_LINES} lines`, () => {
    const long = sourceFiles()
      .map((file) => ({ file: relative(root, file), lines: readFileSync(file, "utf8").split("\n").length }))
      .filter(({ lines }) => lines > MOST_LINES);
    expect(long).toEqual([]);
  });

  it("are named in kebab-case and not after drawers", () => {
    const names = sourceFiles().map((file) => relative(source, file));
    const drawers = /(^|\/)(utils?|helpers?|common|misc)(\/|\.)/;
    expect(names.filter((name) => drawers.test(name) || !/^[a-z0-9/.-]+$/.test(name))).toEqual([]);
  });
});
