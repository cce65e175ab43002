/**
 * How well findings tell what happened, over recorded logs that say so: precision and recall of each detector on logs with a
 * truth beside them (TRUTH.jsonl), and what is found in the others. `--write` puts the tables into docs/findings.md.
 * usage: node scripts/score-findings.ts DIR… [--write]
 */
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { LocalEngine } from "../src/engine/local-engine.ts";
import { type Finding, SEVERITIES } from "../src/findings/contract.ts";
import { EXPECTED } from "../src/findings/expected.ts";
import { DETECTORS } from "../src/findings/registry.ts";
import { MATCH_ALL } from "../src/queries/contract.ts";
import { parseQuery } from "../src/queries/parse-filter.ts";

interface Act {
  readonly id: string;
  readonly actor: string | null;
  readonly ip: string | null;
  readonly count: number;
  readonly countWithoutDiscovery: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly expected_severity: string;
  readonly life?: { readonly sent: string; readonly ready: string };
}

/** Nothing may be said of these. */
const BENIGN = new Set(["anonymous-health"]);
const MOST_ROWS = 5_000;
/** Of a finding's requests, those of one act. */
const LEAST_SHARE = 0.9;

interface Matched {
  readonly finding: Finding;
  readonly act: Act | null;
}

const [inputs, flags] = [process.argv.slice(2).filter((word) => !word.startsWith("--")), process.argv.slice(2)];
if (inputs.length === 0) throw new Error("usage: node scripts/score-findings.ts DIR… [--write]");

const tables: string[] = [];
const others: (readonly string[])[] = [];
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
  const bySeverity = SEVERITIES.toReversed().map((severity) =>
    String(findings.filter((one) => one.severity === severity).length),
  );
  others.push([nameOf(input), String(requests), ...bySeverity]);
  await engine.close();
}
tables.push(table(["log", "requests", ...SEVERITIES.toReversed()], others));
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

function engineOf(input: string): LocalEngine {
  return new LocalEngine({
    inputs: [input],
    follow: false,
    capacity: Number.POSITIVE_INFINITY,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 1 << 20,
    tailMs: Number.POSITIVE_INFINITY,
    format: "auto",
    threads: 1,
    timeZone: "utc",
  });
}

function actsOf(path: string): readonly Act[] {
  return readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Act);
}

async function scored(
  engine: LocalEngine,
  name: string,
  acts: readonly Act[],
  findings: readonly Finding[],
): Promise<string> {
  const matched = await Promise.all(
    findings.map(async (finding): Promise<Matched> => ({ finding, act: await actOf(engine, finding, acts) })),
  );
  const wanted = acts.filter(({ id }) => !BENIGN.has(id));
  const ofAct = (act: Act): readonly Finding[] => matched.flatMap((one) => (one.act === act ? [one.finding] : []));
  const missed = wanted.filter((act) => ofAct(act).length === 0);
  const byDetector = DETECTORS.flatMap(({ id }): readonly (readonly string[])[] => {
    const own = matched.filter(({ finding }) => finding.id === id);
    if (own.length === 0) return [];
    const right = own.filter(({ act }) => act !== null && !BENIGN.has(act.id));
    const about = new Set(right.map(({ act }) => act?.id ?? ""));
    return [[`\`${id}\``, String(own.length), `${right.length}/${own.length}`, [...about].join(", ")]];
  });
  const byAct = wanted.map((act) => {
    const own = ofAct(act);
    const best = own.toSorted((a, b) => distance(a, act) - distance(b, act))[0];
    return [
      act.id,
      `${act.countWithoutDiscovery}${act.count === act.countWithoutDiscovery ? "" : ` (${act.count})`}`,
      best === undefined ? "-" : String(best.count),
      act.expected_severity,
      own[0]?.severity ?? "-",
      own.map(({ id }) => `\`${id}\``).join(", "),
    ];
  });
  return [
    `**${name}**: ${wanted.length - missed.length} of ${wanted.length} acts found${missed.length === 0 ? "" : ` (missed: ${missed.map(({ id }) => id).join(", ")})`}; of ${findings.length} findings ${matched.filter(({ act }) => act !== null && !BENIGN.has(act.id)).length} are about an act.`,
    table(["detector", "findings", "precision", "acts"], byDetector),
    table(["act", "requests (with discovery)", "counted", "expected", "severity", "found by"], byAct),
  ].join("\n\n");
}

function distance(finding: Finding, act: Act): number {
  return Math.min(Math.abs(finding.count - act.count), Math.abs(finding.count - act.countWithoutDiscovery));
}

/** The act that nearly all of a finding's requests belong to. */
async function actOf(engine: LocalEngine, finding: Finding, acts: readonly Act[]): Promise<Act | null> {
  const restart = acts.find(
    ({ life }) =>
      life !== undefined &&
      finding.id === "apiserver-restart" &&
      finding.firstSeen !== null &&
      finding.firstSeen >= life.sent.slice(0, 19) &&
      Date.parse(finding.firstSeen) <= Date.parse(life.ready) + 15_000,
  );
  if (restart !== undefined) return restart;
  const { rows } = await engine.ask("rows", {
    filter: parseQuery(finding.evidence.query),
    anchor: "oldest",
    after: MOST_ROWS,
  });
  const counts = new Map<Act, number>();
  for (const row of rows) {
    const at = new Date(row.receivedUs / 1e3).toISOString();
    const user = row.asFrom === "" ? row.user : row.asFrom;
    const act = acts.find(
      ({ actor, ip, first, last }) =>
        (actor ?? "") === user &&
        (ip === null || ip === row.ip) &&
        at >= (first ?? "").slice(0, 19) &&
        at.slice(0, 19) <= (last ?? "").slice(0, 19),
    );
    if (act !== undefined) counts.set(act, (counts.get(act) ?? 0) + 1);
  }
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return best !== undefined && best[1] >= rows.length * LEAST_SHARE ? best[0] : null;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(titles), line(titles.map(() => "---")), ...rows.map(line)].join("\n");
}
