/**
 * What findings cost a log that is read: `node findings.ts FILE WHICH`. WHICH: `metadata` (detectors that need neither bodies
 * nor messages), `bodies` (the others), `all`. Prints JSON.
 */
import { createEngine } from "../../../src/engine/create-engine.ts";
import type { Detector } from "../../../src/findings/contract.ts";
import { DETECTORS } from "../../../src/findings/registry.ts";
import { MATCH_ALL } from "../../../src/queries/contract.ts";

export interface FindingTimes {
  readonly requests: number;
  readonly detectors: number;
  readonly findings: number;
  /** Of all threads: reading, and asking once when all is read. */
  readonly readSeconds: number;
  readonly askSeconds: number;
}

const [, , path = "", which = "all"] = process.argv;
const readsBodies = ({ needs }: Detector): boolean =>
  needs.some((need) => need !== "metadata" && need !== "annotations");
const chosen = DETECTORS.filter((detector) => which === "all" || readsBodies(detector) === (which === "bodies"));
const engine = createEngine({ inputs: [path], capacity: Number.POSITIVE_INFINITY });
const cpuSeconds = ({ user, system }: NodeJS.CpuUsage): number => (user + system) / 1e6;
await engine.loaded();
const read = process.cpuUsage();
const { findings, requests } = await engine.ask("findings", {
  filter: MATCH_ALL,
  expectations: [],
  auditIDs: 0,
  only: chosen.map(({ id }) => id),
});
const times: FindingTimes = {
  requests,
  detectors: chosen.length,
  findings: findings.length,
  readSeconds: cpuSeconds(read),
  askSeconds: cpuSeconds(process.cpuUsage(read)),
};
process.stdout.write(JSON.stringify(times));
await engine.close();
