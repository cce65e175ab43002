// `npm run store:bench [-- LOG [CLUSTERS [OBJECTS [DIR]]]]`: makes a fleet's table of one cluster's log and asks it, beside the ring over
// that log: top users, errors over time, a trail, a cause; keys of the explorer while a slow question runs; and trails and causes
// of so many objects, which have to be those of the ring. DIR keeps the table for the next time.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { storeAddress } from "../../src/clickhouse/address.ts";
import { ask, openClient } from "../../src/clickhouse/client.ts";
import type { Asks, Engine } from "../../src/engine/contract.ts";
import { createEngine, createStoreEngine } from "../../src/engine/create-engine.ts";
import type { LocalEngine } from "../../src/engine/local-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { isShown, letters, opened, SIZES, toTopPane, upTo } from "../bench/keys.ts";
import { missingPty } from "../bench/pty.ts";
import { median, percentile } from "../bench/statistics.ts";
import { installServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { logsIn } from "../support/log-files.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";
import { fillFleet } from "./fleet.ts";

const [log = "fixtures/demo", clusters = "20", objects = "50", directory] = process.argv.slice(2);
const RUNS = 3;
const KEYS = 40;
/** Reads and parses every body. */
const SLOW = "body:spec.template.spec.containers[0].image=/nothing/";
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Subject {
  readonly object: string;
  readonly namespace: string;
}

/** Median of some runs, ms; each with an engine that has read nothing for it yet. */
async function timed(
  of: () => Promise<Engine>,
  use: (engine: Engine) => Promise<unknown>,
  runs = RUNS,
): Promise<string> {
  const all: number[] = [];
  for (let run = 0; run < runs; run++) {
    const engine = await of();
    const begun = performance.now();
    await use(engine);
    all.push(performance.now() - begun);
    await engine.close();
  }
  return median(all).toFixed(0).padStart(8);
}

const asks = (subject: Subject): readonly (readonly [string, (engine: Engine) => Promise<unknown>])[] => [
  ["top users", (engine) => engine.ask("groups", { filter: MATCH_ALL, by: ["user"], limit: 100 })],
  [
    "errors over time",
    (engine) => engine.ask("series", { filter: parseQuery("code:>=400"), by: "code", stepMs: 10_000 }),
  ],
  ["a trail", (engine) => engine.ask("trail", subject)],
  ["why it is gone", (engine) => engine.ask("why", subject)],
];

installServer();
ensureBuilt();
const folder = directory ?? mkdtempSync(join(tmpdir(), "ktrail-fleet-"));
const server = await startClickHouse({ directory: join(folder, "data") });
const url = (table: string, cluster = ""): string =>
  `clickhouse://127.0.0.1:${server.port}/default.${table}${cluster === "" ? "" : `?cluster=${cluster}`}`;
const client = openClient(storeAddress(url("fleet")), { password: "" });
try {
  const kept = await ask(client, "SELECT name FROM system.tables WHERE database = 'default' AND name = 'fleet'");
  if (kept.length === 0) {
    for (const table of ["one", "marked", "fleet"]) await ktrail(["store", "init", url(table)]);
    await ktrail(["ship", ...logsIn(log), "--to", url("one"), "--journal", join(folder, "journal")]);
    await fillFleet(client, { from: "one", marked: "marked", to: "fleet" }, Number(clusters));
  }
  const [size] = await ask<{ events: string; bytes: string }>(
    client,
    "SELECT toString(sum(rows)) AS events, formatReadableSize(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND table = 'fleet'",
  );
  say(`${Number(size?.events).toLocaleString("en-US")} events of ${clusters} clusters in the store, ${size?.bytes}`);
  // What was scaled down and has an owner asks for most.
  const gone = await ask<{ name: string; namespace: string }>(
    client,
    "SELECT name, namespace FROM fleet WHERE cluster = 'c000' AND resource = 'pods' AND verb = 'delete' AND code = 200 AND user LIKE '%:replicaset-controller' ORDER BY received, name LIMIT 1",
  );
  const subject: Subject = { object: `pods/${gone[0]?.name ?? ""}`, namespace: gone[0]?.namespace ?? "" };
  const store = (cluster: string) => async (): Promise<Engine> => {
    const engine = await createStoreEngine({ inputs: [], store: { address: url("fleet", cluster), password: "" } });
    await engine.loaded();
    return engine;
  };
  const ring = async (): Promise<LocalEngine> => {
    const engine = createEngine({ inputs: logsIn(log), timeZone: "utc" }) as LocalEngine;
    await engine.loaded();
    return engine;
  };
  say(`${subject.object} in ${subject.namespace}; ms       whole store  one cluster  ring over that cluster's log`);
  for (const [what, use] of asks(subject)) {
    const cells = [await timed(store(""), use), await timed(store("c000"), use), await timed(ring, use, 1)];
    say(`${what.padEnd(24)}${cells.join("     ")}`);
  }
  await compareObjects(await store("c000")(), await ring());
  const missing = missingPty();
  if (missing === null) await screen();
  else say(missing);
} finally {
  await client.close();
  await server.stop();
  if (directory === undefined) rmSync(folder, { recursive: true, force: true });
}

async function compareObjects(told: Engine, expected: LocalEngine): Promise<void> {
  const { rows } = await expected.ask("objects", { text: "", limit: 100_000 });
  const every = Math.max(1, Math.floor(rows.length / Number(objects)));
  const some = rows.filter((_, at) => at % every === 0);
  const plain = (answer: unknown): unknown =>
    JSON.parse(JSON.stringify(answer, (key, value: unknown) => (key === "seq" || key === "seqs" ? undefined : value)));
  const different = { trail: 0, why: 0 };
  const times: number[] = [];
  for (const { resource, namespace, name } of some) {
    const subject: Asks["trail"]["ask"] = { object: `${resource}/${name}`, ...(namespace === "" ? {} : { namespace }) };
    for (const kind of ["trail", "why"] as const) {
      const begun = performance.now();
      const answer = plain(await told.ask(kind, subject));
      times.push(performance.now() - begun);
      if (isDeepStrictEqual(answer, plain(await expected.ask(kind, subject)))) continue;
      different[kind] += 1;
      say(`differs: ${kind} ${subject.object} ${namespace}`);
      process.exitCode = 1;
    }
  }
  say(
    `${some.length} of ${rows.length} objects: ${different.trail} trails and ${different.why} causes differ from the ring's;` +
      ` ${median(times).toFixed(0)} ms a question (95 % within ${percentile(times, 0.95).toFixed(0)})`,
  );
  await Promise.all([told.close(), expected.close()]);
}

/** Key to frame, with nothing asked and while the server reads every body. */
async function screen(): Promise<void> {
  await opened(["--store", url("fleet")], SIZES[0], async (pty) => {
    await toTopPane(pty);
    const isAsking = (): boolean => /asking/.test(pty.screen());
    if (isAsking()) await pty.until(() => !isAsking(), 120_000);
    const idle = await letters(pty, upTo(KEYS));
    pty.type(`/${SLOW}\r`);
    await pty.until(() => isShown(pty) && isAsking(), 120_000);
    const busy = await letters(pty, (made) => made < KEYS && isAsking());
    const words = (keys: readonly { readonly ms: number }[]): string => {
      const ms = keys.map((key) => key.ms);
      return `${keys.length} keys, p50 ${median(ms).toFixed(1)} ms, p95 ${percentile(ms, 0.95).toFixed(1)} ms`;
    };
    say(`key to frame, nothing asked: ${words(idle)}; while the server reads every body: ${words(busy)}`);
  });
}
