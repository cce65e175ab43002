/**
 * Fuzzes all readers: `npm run fuzz -- [--minutes 10] [--from CASE]`. A case is made by its number alone: `--from N --cases 1` runs
 * one again. Ends with 1 when a reader threw, hung, lost its place or depended on how its input came.
 */
import { parseArgs } from "node:util";
import { DEMO, linesOf, logsIn } from "../support/log-files.ts";
import { fuzz, seeds } from "./fuzz.ts";

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    from: { type: "string", default: "1" },
    cases: { type: "string", default: "Infinity" },
  },
});
const lines = logsIn(DEMO)
  .slice(-1)
  .flatMap(linesOf)
  .filter((line) => line.length < 4_000)
  .slice(0, 4);
const starts = seeds(lines);
const untilMs = performance.now() + Number(values.minutes) * 60_000;
let from = Number(values.from);
let cases = 0;
let events = 0;
let failures: readonly string[] = [];
while (performance.now() < untilMs && cases < Number(values.cases) && failures.length === 0) {
  const most = Math.min(20_000, Number(values.cases) - cases);
  const part = await fuzz(starts, from, (done) => done >= most || performance.now() > untilMs);
  ({ failures } = part);
  cases += part.cases;
  from += part.cases;
  events += part.events;
  const megabytes = Math.round(process.memoryUsage().rss / 1024 / 1024);
  process.stdout.write(`${cases} cases, ${events} events, ${megabytes} MiB\n`);
}
for (const failure of failures) process.stdout.write(`${failure}\n`);
process.exitCode = failures.length > 0 ? 1 : 0;
