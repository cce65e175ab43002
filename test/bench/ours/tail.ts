/**
 * Follows a file with the explorer's engine while somebody writes to it: `node tail.ts FILE SECONDS BURST`. First the age of
 * the newest request one can ask for, every few milliseconds; then a burst of events written at once. Prints JSON.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { createExplorerEngine } from "../../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../../src/queries/contract.ts";
import { stampedLines } from "./live-writer.ts";

export interface TailTimes {
  readonly requests: number;
  /** Age of the newest request, ms, at each look. */
  readonly agesMs: readonly number[];
  /** The engine's own account, from its status. */
  readonly lagsMs: readonly number[];
  readonly burst: { readonly events: number; readonly taken: number; readonly seconds: number };
}

const LOOK_MS = 7;
/** Until reading is warm. */
const WARM_MS = 2_000;
const QUIET_MS = 1_000;
const BURST_PATIENCE_MS = 60_000;

const [path = "", seconds, burst] = process.argv.slice(2);
const engine = createExplorerEngine({ inputs: [path], follow: true });
engine.begin();
await engine.loaded();
await pause(WARM_MS);

const agesMs: number[] = [];
const lagsMs: number[] = [];
const unsubscribe = engine.subscribe(({ lagMs }) => {
  if (lagMs !== null) lagsMs.push(lagMs);
});
const until = performance.now() + Number(seconds) * 1_000;
while (performance.now() < until) {
  const { rows } = await engine.ask("rows", {
    filter: MATCH_ALL,
    order: "arrival",
    anchor: "newest",
    before: 1,
    after: 0,
  });
  const newest = rows.at(-1)?.stageUs;
  if (newest !== undefined && newest !== null) agesMs.push(Date.now() - newest / 1_000);
  await pause(LOOK_MS);
}

unsubscribe();

const next = stampedLines(5);
const events = Number(burst);
const text = Array.from({ length: events }, () => next(Date.now())).join("");
await writerEnds();
const before = engine.status.requestsSeen;
const file = openSync(path, "a");
writeSync(file, text);
closeSync(file);
const written = performance.now();
while (engine.status.requestsSeen < before + events && performance.now() < written + BURST_PATIENCE_MS) await pause(5);
const times: TailTimes = {
  requests: before,
  agesMs,
  lagsMs,
  burst: { events, taken: engine.status.requestsSeen - before, seconds: (performance.now() - written) / 1_000 },
};
process.stdout.write(JSON.stringify(times), () => process.exit(0));

async function writerEnds(): Promise<void> {
  for (let seen = -1; seen !== engine.status.requestsSeen;) {
    seen = engine.status.requestsSeen;
    await pause(QUIET_MS);
  }
}
