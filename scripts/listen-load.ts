/**
 * Posts events to `ktrail listen` as API servers do: `npm run listen:load -- [--rate 5000] [--seconds 60] [--spool DIR]`. Prints what was
 * acknowledged, what came out, how long answers took and how much memory the program had at most.
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { endProcess, listenProcess, sendLoad } from "../test/support/listen-load.ts";

const { values } = parseArgs({
  options: {
    rate: { type: "string", default: "5000" },
    seconds: { type: "string", default: "60" },
    spool: { type: "string" },
  },
});
const [perSecond, seconds] = [Number(values.rate), Number(values.seconds)];
const listening = await listenProcess(values.spool === undefined ? [] : ["--spool", values.spool]);
const times: number[] = [];
const beganMs = performance.now();
const acknowledged = await sendLoad(listening.url, {
  perSecond,
  seconds,
  batchEvents: 400,
  onAcknowledged: (_from, _to, ms) => times.push(ms),
});
const tookS = (performance.now() - beganMs) / 1_000;
const untilMs = performance.now() + 60_000;
while (listening.out.lines < acknowledged && performance.now() < untilMs) {
  await new Promise((resolve) => setTimeout(resolve, 100));
}
const status = readFileSync(`/proc/${String(listening.child.pid)}/status`, "utf8");
times.sort((a, b) => a - b);
const at = (share: number): string => `${Math.round(times[Math.floor(times.length * share)] ?? 0)} ms`;
process.stdout.write(
  `${acknowledged} of ${perSecond * seconds} events acknowledged in ${tookS.toFixed(1)} s; ${listening.out.lines} printed\n` +
    `answers: p50 ${at(0.5)}, p99 ${at(0.99)}, slowest ${at(0.9999)}; most memory ${/VmHWM:\s+(.*)/.exec(status)?.[1] ?? "unknown"}\n`,
);
await endProcess(listening, "SIGINT");
process.exitCode = listening.out.lines === perSecond * seconds ? 0 : 1;
