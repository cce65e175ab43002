import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { serverIn } from "../../src/engine/lease-server.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";

const LOG = readFileSync("fixtures/demo/audit.log", "utf8").trimEnd().split("\n");
const LEASE = "apiserver-wlv32tlttr4jl3gtroqexyxapa";
const OTHER = "apiserver-abcd2tlttr4jl3gtroqexyxapa";
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const folder = mkdtempSync(join(tmpdir(), "ktrail-servers-"));
afterAll(() => rmSync(folder, { recursive: true }));
let made = 0;

/** The log of another API server of the cluster: requests of its own, in the same time. */
const ofOther = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replaceAll(LEASE, OTHER).replace(/"auditID":"..../, '"auditID":"ffff'));
const withoutLeases = (lines: readonly string[]): string[] => lines.filter((line) => !line.includes('"leases"'));
const every = (lines: readonly string[], other: 0 | 1): string[] => lines.filter((_, at) => at % 2 === other);

/** API servers with their requests, and the logs of which nothing tells whose they are. */
async function told(logs: Readonly<Record<string, readonly string[]>>): Promise<unknown> {
  const directory = join(folder, String((made += 1)));
  mkdirSync(directory);
  for (const [name, lines] of Object.entries(logs)) {
    const text = `${lines.join("\n")}\n`;
    writeFileSync(join(directory, name), name.endsWith(".gz") ? gzipSync(text) : text);
  }
  const engine = createEngine({ inputs: [directory] });
  await engine.loaded();
  const groups = await engine.ask("groups", { filter: MATCH_ALL, by: ["apiserver"] });
  const info = await engine.ask("info", {});
  await engine.close();
  return {
    servers: Object.fromEntries(groups.rows.map(({ key, requests }) => [key["apiserver"], requests])),
    untold: (info.untold ?? []).map((path) => path.slice(directory.length + 1)),
  };
}

describe("logs of different names in one directory", () => {
  const requests = new Set(LOG.map((line) => /"auditID":"([^"]+)"/.exec(line)?.[1])).size;

  it("are of as many API servers as the Leases in them prove, packed or not", async () => {
    expect(await told({ "east.log": LOG, "west.log.gz": ofOther(LOG) })).toEqual({
      servers: { east: requests, west: requests },
      untold: [],
    });
  });

  it("are one API server's where they hold the same Lease: nothing is counted twice", async () => {
    expect(await told({ "a.log": LOG, "copy.log": LOG })).toEqual({ servers: { "": requests }, untold: [] });
  });

  it("are told as not known where nothing proves anything and they overlap in time", async () => {
    const lines = withoutLeases(LOG);
    const split = await told({ "a.log": every(lines, 0), "b.log": every(lines, 1) });
    expect(split).toMatchObject({ untold: ["a.log", "b.log"] });
    const half = Math.floor(lines.length / 2);
    const time = (line: string | undefined): string => /"stageTimestamp":"([^"]+)"/.exec(line ?? "")?.[1] ?? "";
    const first = lines.slice(0, half);
    const later = lines.slice(half).filter((line) => time(line) > time(lines[half]));
    expect(await told({ "before.log": first.slice(0, -20), "after.log": later.slice(20) })).toMatchObject({
      untold: [],
    });
  });

  it("keep the name that their path tells", async () => {
    const lines = withoutLeases(LOG);
    const named = await told({ "cp1-audit.log": lines, "cp2-audit.log": ofOther(lines) });
    expect(named).toMatchObject({ servers: { cp1: expect.any(Number), cp2: expect.any(Number) }, untold: [] });
  });
});

describe("the Lease of an API server", () => {
  const renewal = LOG.find((line) => line.includes(LEASE) && line.includes('"verb":"update"')) ?? "";

  it("is found in the log, also inside a record of a log pipeline", () => {
    expect(serverIn(bytes(LOG.join("\n")))).toBe(LEASE);
    expect(serverIn(bytes(JSON.stringify({ log: renewal, stream: "stdout" })))).toBe(LEASE);
    expect(serverIn(bytes(JSON.stringify(JSON.parse(renewal), null, 2)))).toBe(LEASE);
  });

  it("is only its own where the API server renews it: nobody else's request, no other object, no text proves anything", () => {
    expect(renewal).not.toBe("");
    for (const [from, to] of [
      ['"verb":"update"', '"verb":"get"'],
      ['"username":"system:apiserver"', '"username":"mallory"'],
      ['"resource":"leases"', '"resource":"configmaps"'],
      ['"namespace":"kube-system"', '"namespace":"mine"'],
      [`"name":"${LEASE}"`, '"name":"apiserver-x"'],
      ['"objectRef":', '"requestObject":'],
    ] as const) {
      expect(renewal.includes(from), from).toBe(true);
      expect(serverIn(bytes(renewal.replace(from, to))), to).toBe("");
    }
    expect(serverIn(bytes(`${renewal}\n${renewal.replaceAll(LEASE, OTHER)}`)), "of several").toBe("");
  });

  it("is looked for in bounded time, whatever the log holds", () => {
    const hostile = '"objectRef":{"resource":"leases","name":"apiserver-'.repeat(200_000);
    const started = performance.now();
    expect(serverIn(bytes(hostile))).toBe("");
    // Without its bound this takes minutes.
    expect(performance.now() - started).toBeLessThan(10_000);
  });
});
