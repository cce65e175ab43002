/**
 * How well findings tell what happened, over recorded logs that say so: precision and recall of each detector on logs with a
 * truth beside them (TRUTH.jsonl), and what is found in the others. `--write` puts the tables into docs/findings.md.
 * usage: node scripts/score-findings.ts DIR… [--write]
 */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FeedingEngine } from "../src/engine/contract.ts";
import { createEngine } from "../src/engine/create-engine.ts";
import { type Finding, SEVERITIES } from "../src/findings/contract.ts";
import { EXPECTED } from "../src/findings/expected.ts";
import { DETECTORS } from "../src/findings/registry.ts";
import { MATCH_ALL } from "../src/queries/contract.ts";
import { type Act, actsOf, bestOf, isBenign, matchedOf, verdictOf } from "../test/findings/truth/acts.ts";

const [inputs, flags] = [process.argv.slice(2).filter((word) => !word.startsWith("--")), process.argv.slice(2)];
if (inputs.length === 0) throw new Error("usage: node scripts/score-findings.ts DIR… [--write]");

const tables: string[] = [];
const others: (readonly string[])[] = [];
/** By log without a truth: how many findings of each detector, and the worst. */
const found = new Map<string, ReadonlyMap<string, readonly Finding[]>>();
for (const input of inputs) {
  const engine = engineOf(input);
  await engine.loaded();
  const { findings, requests } = await engine.ask("findings", {
    filter: MATCH_ALL,
    expectations: EXPECTED,
    auditIDs: 0,
  });
  const truth = statSync(input).isDirectory() ? join(input, "TRUTH.jsonl") : "";
  if (existsSync(truth)) tables.push(await scored(engine, nameOf(input), actsOf(truth), findings));
  else
    found.set(
      nameOf(input),
      Map.groupBy(findings, ({ id }) => id),
    );
  const bySeverity = SEVERITIES.toReversed().map((severity) =>
    String(findings.filter((one) => one.severity === severity).length),
  );
  others.push([nameOf(input), String(requests), ...bySeverity]);
  await engine.close();
}
tables.push(table(["log", "requests", ...SEVERITIES.toReversed()], others));
tables.push(
  table(
    ["detector", ...found.keys()],
    DETECTORS.flatMap(({ id }) => {
      const cells = [...found.values()].map((byId) => {
        const own = byId.get(id) ?? [];
        return own[0] === undefined ? "" : `${own.length} ${own[0].severity}`;
      });
      return cells.every((cell) => cell === "") ? [] : [[`\`${id}\``, ...cells]];
    }),
  ),
);
const text = tables.join("\n\n");
process.stdout.write(`${text}\n`);
if (flags.includes("--write")) {
  const page = join(import.meta.dirname, "../docs/findings.md");
  const before = readFileSync(page, "utf8");
  writeFileSync(
    page,
    before.replace(
      /(<!-- score -->\n)[\s\S]*?(<!-- end of score -->)/,
      (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`,
    ),
  );
}

/** Of a file its folder. */
function nameOf(input: string): string {
  return basename(statSync(input).isDirectory() ? input : dirname(input));
}

function engineOf(input: string): FeedingEngine {
  return createEngine({ inputs: [input] });
}

async function scored(
  engine: FeedingEngine,
  name: string,
  acts: readonly Act[],
  findings: readonly Finding[],
): Promise<string> {
  const matched = await matchedOf(engine, findings, acts);
  const wanted = acts.filter((act) => !isBenign(act));
  const ofAct = (act: Act): readonly Finding[] => matched.flatMap((one) => (one.act === act ? [one.finding] : []));
  const missed = wanted.filter((act) => ofAct(act).length === 0);
  const byDetector = DETECTORS.flatMap(({ id }): readonly (readonly string[])[] => {
    const own = matched.filter(({ finding }) => finding.id === id);
    if (own.length === 0) return [];
    const right = own.filter(({ act }) => act !== null && !isBenign(act));
    const about = new Set(right.map(({ act }) => act?.id ?? ""));
    return [[`\`${id}\``, String(own.length), `${right.length}/${own.length}`, [...about].join(", ")]];
  });
  const told = wanted.flatMap((act) => {
    const best = bestOf(ofAct(act), act);
    return best === undefined ? [] : [{ act, best, verdict: verdictOf(best, act) }];
  });
  const exact = told.filter(({ verdict: { subject, count, seconds } }) => subject && count === 0 && seconds === 0);
  const byAct = told.map(({ act, best, verdict }) => [
    act.id,
    verdict.subject ? "right" : "wrong",
    act.first === null ? "-" : String(act.count),
    act.first === null ? "-" : String(best.count),
    verdict.seconds === 0 ? "same" : `${verdict.seconds.toFixed(3)} s apart`,
    act.expected_severity,
    best.severity,
    ofAct(act)
      .map(({ id }) => `\`${id}\``)
      .join(", "),
  ]);
  const about = matched.filter(({ act }) => act !== null && !isBenign(act)).length;
  return [
    `**${name}**: ${told.length} of ${wanted.length} acts found${missed.length === 0 ? "" : ` (missed: ${missed.map(({ id }) => id).join(", ")})`}, ${exact.length} of them with the right subject, exactly their requests and their times; of ${findings.length} findings ${about} are about an act.`,
    table(["detector", "findings", "precision", "acts"], byDetector),
    table(["act", "subject", "requests", "counted", "first and last", "expected", "severity", "found by"], byAct),
  ].join("\n\n");
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}
