/** The engine of the headless commands, asked the questions of the job in one process: `node overview.ts FILE`. */
import { createEngine } from "../../../src/engine/create-engine.ts";
import { type Dimension, type GroupResult, MATCH_ALL } from "../../../src/queries/contract.ts";
import { omissibleTexts } from "../../../src/queries/omissible.ts";
import { byCount, TOP_USERS, type Overview } from "../rivals/overview.ts";

const [path = ""] = process.argv.slice(2);
const omits = omissibleTexts(MATCH_ALL, ["user", "code", "verb", "resource"]);
const engine = createEngine({ inputs: [path], omits });
await engine.loaded();
const ask = (by: readonly Dimension[], limit?: number): Promise<GroupResult> =>
  engine.ask("groups", { filter: MATCH_ALL, by, ...(limit === undefined ? {} : { limit }) });
const counts = ({ rows, by }: GroupResult): [string, number][] =>
  byCount(rows.map(({ key, requests }) => [by.map((dimension) => key[dimension]).join(" "), requests] as const));

const verbs = await ask(["verb"]);
const overview: Overview = {
  events: verbs.requests,
  users: counts(await ask(["user"], TOP_USERS)),
  codes: counts(await ask(["code"])),
  verbs: counts(await ask(["verb", "resource"])),
  p99: Object.fromEntries(verbs.rows.map(({ key, latencyMs }) => [key["verb"] ?? "", latencyMs?.p99 ?? 0])),
};
process.stdout.write(JSON.stringify(overview));
await engine.close();
