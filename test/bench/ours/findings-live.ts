/**
 * Follows a file with the explorer's engine while somebody writes to it: `node findings-live.ts FILE SECONDS`. CPU time of reading
 * alone, then with findings asked for at every change, as pane 8 does. Prints JSON.
 */
import { setTimeout as pause } from "node:timers/promises";
import { createExplorerEngine } from "../../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../../src/queries/contract.ts";

/** Shares of a core. */
export interface LiveShares {
  readonly reading: number;
  readonly withFindings: number;
  readonly requests: number;
  /** How often findings were answered meanwhile. */
  readonly answers: number;
}

const WARM_MS = 3_000;
const [, , path = "", seconds = "10"] = process.argv;
const engine = createExplorerEngine({ inputs: [path], follow: true });
engine.begin();
await engine.loaded();
const find = (): Promise<unknown> =>
  engine.ask("findings", { filter: MATCH_ALL, expectations: [], auditIDs: 0 }).catch(() => undefined);
await find();
await pause(WARM_MS);
const share = async (): Promise<number> => {
  const before = process.cpuUsage();
  const started = performance.now();
  await pause(Number(seconds) * 1_000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3 / (performance.now() - started);
};
const reading = await share();
const stop = new AbortController();
let answers = 0;
const asking = (async () => {
  while (!stop.signal.aborted) {
    await find();
    answers += 1;
    await pause(100);
  }
})();
await pause(WARM_MS);
const withFindings = await share();
stop.abort();
const shares: LiveShares = { reading, withFindings, requests: engine.status.requestsSeen, answers };
process.stdout.write(JSON.stringify(shares));
await engine.close();
await asking;
process.exit();
