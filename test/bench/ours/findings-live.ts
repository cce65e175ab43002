/**
 * Follows a file with the explorer's engine while somebody writes to it: `node findings-live.ts FILE SECONDS PAIRS`. CPU time of
 * reading alone, then with findings asked for at every change, as pane 8 does; so many times in turn. Prints JSON.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createExplorerEngine } from "../../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../../src/queries/contract.ts";

/** Shares of a core. */
export interface LivePair {
  readonly reading: number;
  readonly withFindings: number;
  /** How often findings were answered meanwhile. */
  readonly answers: number;
  readonly requests: number;
}

export interface LiveShares {
  readonly pairs: readonly LivePair[];
}

const WARM_MS = 3_000;
const [, , path = "", seconds = "10", pairs = "1"] = process.argv;
const engine = createExplorerEngine({ inputs: [path], follow: true });
engine.begin();
await engine.loaded();
const find = (signal?: AbortSignal): Promise<unknown> =>
  engine.ask("findings", { filter: MATCH_ALL, expectations: [], auditIDs: 0 }, signal);
await find();
const share = async (): Promise<number> => {
  await pause(WARM_MS);
  const before = process.cpuUsage();
  const started = performance.now();
  await pause(Number(seconds) * 1_000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3 / (performance.now() - started);
};

async function pair(): Promise<LivePair> {
  const reading = await share();
  const stop = new AbortController();
  let answers = 0;
  const asking = (async () => {
    while (!stop.signal.aborted) {
      await find(stop.signal);
      answers += 1;
      await pause(100);
    }
  })().catch(() => undefined);
  const withFindings = await share();
  stop.abort();
  await asking;
  return { reading, withFindings, answers, requests: engine.status.requestsSeen };
}

const shares: LivePair[] = [];
for (let round = 0; round < Number(pairs); round += 1) shares.push(await pair());
process.stdout.write(JSON.stringify({ pairs: shares } satisfies LiveShares));
await engine.close();
process.exit();
