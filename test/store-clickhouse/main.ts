// `npm run store:chaos [-- LOG [EVENTS [SEED [kills|way]]]]`: ships a long log made of a real one while the shipper and the server are
// killed five times each, then once more over a bad connection, and compares what is in the table with what was written.
import { appendFileSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { installServer, startClickHouse } from "../support/clickhouse-server/clickhouse-server.ts";
import { logsIn, readLog } from "../support/log-files.ts";
import { ensureBuilt, ktrail } from "../support/program.ts";
import { BadWay, diceOf, linesOf, longLog, ShipProcess, storedEvents, storedSums } from "./chaos.ts";

const [log = "fixtures/demo", events = "1000000", seed = String(Date.now() % 1e6), only = ""] = process.argv.slice(2);
const KILLS = 5;

installServer();
ensureBuilt();
const dice = diceOf(Number(seed));
const folder = mkdtempSync(join(tmpdir(), "ktrail-chaos-"));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
let server = await startClickHouse({ directory: join(folder, "data") });
try {
  const plain = join(folder, "plain.log");
  writeFileSync(plain, "");
  for (const file of statSync(log).isDirectory() ? logsIn(log) : [log]) appendFileSync(plain, readLog(file));
  const path = join(folder, "audit.log");
  const lines = await linesOf(plain);
  const expected = await longLog(lines, Number(events), path);
  say(`seed ${seed}: ${expected.events} events of ${lines.length} in ${log}, ${(expected.bytes / 1e6).toFixed(0)} MB`);
  const table = (name: string, port = server.port): string => `clickhouse://127.0.0.1:${port}/${name}.audit`;
  const check = async (what: string): Promise<void> => {
    const stored = await storedSums(server.url);
    const isEqual = JSON.stringify(stored) === JSON.stringify(expected);
    say(
      `${isEqual ? "ok  " : "FAIL"} ${what}: ${JSON.stringify(stored)}${isEqual ? "" : `, expected ${JSON.stringify(expected)}`}`,
    );
    if (!isEqual) process.exitCode = 1;
  };
  const init = async (): Promise<void> => void (await ktrail(["store", "init", table("default")]));
  /** Until so many events more are in the table, and a moment longer; or all are there; throws when the shipper fails before. */
  const progress = async (shipping: ShipProcess, more: number): Promise<void> => {
    const before = await storedEvents(server.url);
    let ended: string | null = null;
    void shipping.ended.then(
      ({ code, stderr }) => (ended = code === 0 ? "" : `the shipper ended with ${code}: ${stderr}`),
    );
    while ((await storedEvents(server.url)) < before + more) {
      if (ended === "") return;
      if (ended !== null) throw new Error(ended);
      await sleep(200);
    }
    await sleep(dice() * 500);
  };
  /** Of each kill a share of the log. */
  const some = (): number => Math.floor((expected.events / KILLS / 2) * dice());

  if (only !== "way") {
    await init();
    const journal = join(folder, "journal");
    const args = [path, "--to", table("default"), "--journal", journal, "-o", "json"];
    let shipping = new ShipProcess(args);
    const begunMs = Date.now();
    for (let kill = 0; kill < KILLS; kill++) {
      await progress(shipping, some());
      await shipping.kill();
      say(`     shipper killed with ${await storedEvents(server.url)} events in the table`);
      shipping = new ShipProcess(args);
      await progress(shipping, some());
      const { directory, port } = server;
      await server.kill();
      server = await startClickHouse({ directory, port });
      say(`     server killed with ${await storedEvents(server.url)} events in the table`);
    }
    const { code, stdout, stderr } = await shipping.ended;
    if (code !== 0) say(stderr);
    const seconds = (Date.now() - begunMs) / 1e3;
    await check(`shipper and server killed ${KILLS} times each`);
    const last = JSON.parse(stdout) as { events: number; eventsPerSecond: number };
    say(
      `     ${Math.round(expected.events / seconds)} events/s with all kills, ${last.eventsPerSecond} after the last`,
    );
    const stats = JSON.parse((await ktrail(["store", "stats", table("default"), "-o", "json"])).stdout) as {
      bytesPerEvent: number;
    };
    say(
      `     ${stats.bytesPerEvent} bytes an event in the table, ${(expected.bytes / expected.events).toFixed(0)} in the log`,
    );
    const again = await ktrail(["ship", ...args]);
    await check(`shipped again: ${(JSON.parse(again.stdout) as { events: number }).events} events`);
  }
  if (only !== "kills") {
    const { directory, port } = server;
    await server.kill();
    rmSync(directory, { recursive: true });
    server = await startClickHouse({ directory, port });
    await init();
    const way = new BadWay(server.port, dice);
    way.isBad = false;
    await way.start();
    const journal = join(folder, "way-journal");
    const shipping = new ShipProcess([path, "--to", table("default", way.port), "--journal", journal, "-o", "json"]);
    await progress(shipping, 1);
    way.isBad = true;
    const { code, stdout, stderr } = await shipping.ended;
    if (code !== 0) say(stderr);
    await check(`over a bad connection ${JSON.stringify(way.faults)}`);
    const { retries, eventsPerSecond } = JSON.parse(stdout) as { retries: number; eventsPerSecond: number };
    say(`     ${retries} retries, ${eventsPerSecond} events/s`);
    await way.stop();
  }
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}
