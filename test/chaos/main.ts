/** `npm run chaos -- [--seconds N] [--seed N] [--kind NAME]`: faults of all kinds until the time is over, then the figures. */
import { parseArgs } from "node:util";
import { ensureBuilt } from "../support/program.ts";
import { KINDS, type Round, runRound } from "./chaos.ts";

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: "1" },
    kind: { type: "string", default: "" },
  },
});
ensureBuilt();
const kinds = KINDS.filter(({ name, missing }) => missing === null && name.startsWith(values.kind));
for (const { name, missing } of KINDS) if (missing !== null) process.stdout.write(`${name}: skipped, ${missing}\n`);
const until = performance.now() + Number(values.seconds) * 1_000;
const rounds: Round[] = [];
for (let seed = Number(values.seed); performance.now() < until; seed += 1) {
  const kind = kinds[seed % kinds.length];
  if (kind === undefined) break;
  const round = await runRound(kind, seed);
  rounds.push(round);
  const figures = `${round.shown} of ${round.written} events, ${round.faults.length} faults, ${round.seconds.toFixed(1)} s`;
  const verdict = round.wrong === null ? "ok  " : "FAIL";
  process.stdout.write(`${verdict} --seed ${seed} ${kind.name}: ${figures}\n`);
  if (round.wrong !== null) process.stdout.write(`     ${round.wrong}\n     after ${round.faults.join(", ")}\n`);
}
const failed = rounds.filter(({ wrong }) => wrong !== null);
for (const { name } of kinds) {
  const own = rounds.filter(({ kind }) => kind === name);
  const sum = (of: (round: Round) => number): string =>
    own.reduce((all, round) => all + of(round), 0).toLocaleString("en-US");
  const wrong = own.filter((round) => round.wrong !== null).length;
  process.stdout.write(
    `${name}: ${own.length} rounds, ${sum(({ faults }) => faults.length)} faults, ${sum(({ written }) => written)} events, ` +
      `${sum(({ missing }) => missing)} not shown, ${wrong} wrong\n`,
  );
}
process.stdout.write(`${rounds.length} rounds, ${failed.length} wrong\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
