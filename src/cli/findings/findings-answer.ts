import { configFolder } from "../../config/config-file.ts";
import type { Finding, FindingsResult } from "../../findings/contract.ts";
import { EXPECTED } from "../../findings/expected.ts";
import { severityRank } from "../../findings/severity.ts";
import { newestText } from "../../models/newest-only.ts";
import { counted } from "../../models/numbers.ts";
import type { CommandContext } from "../contract.ts";
import { note } from "../notes.ts";
import type { Answer, OutputRow } from "../output.ts";
import { Alarm } from "./alarm.ts";
import { baselineOf, keyOf } from "./baseline.ts";
import { readExpectations } from "./expectations-file.ts";
import { findingRecord } from "./finding-record.ts";
import { newFindings } from "./follow-findings.ts";
import { sarifLog } from "./sarif.ts";
import { besideFindings, printedFindings } from "./tables.ts";

/** Requests of each finding whose auditIDs are told. */
const AUDIT_IDS = 200;

export async function findingsAnswer(context: CommandContext): Promise<Answer> {
  const { engine, invocation, selection, stop } = context;
  const { options } = invocation;
  const own = await readExpectations(options.expected, configFolder(process.env));
  const known = options.baseline === undefined ? null : await baselineOf(options.baseline, invocation, own);
  const isNew = (finding: Finding): boolean => known === null || !known.has(keyOf(finding));
  const auditIDs = wantsAuditIDs(context) ? AUDIT_IDS : 0;
  const ask = { ...selection, expectations: [...own, ...EXPECTED], auditIDs };
  const { row, ...section } = printedFindings(options.tz);
  const alarm = options.on === undefined ? null : new Alarm(options.on, options.run ?? "");
  if (options.follow) {
    const batches = async function* (): AsyncGenerator<readonly OutputRow[]> {
      for await (const found of newFindings(engine, ask, stop)) {
        const fresh = found.filter(isNew);
        if (fresh.length > 0) yield fresh.map(row);
        await alarm?.tell(fresh);
      }
    };
    return { data: { ...section, empty: "nothing found", batches: batches() } };
  }
  const result = await engine.ask("findings", ask);
  tellUnread(result);
  if (result.newest !== undefined) note(`findings are of ${newestText(result.newest, options.tz)}`);
  const shown = result.findings.filter(isNew);
  await alarm?.tell(shown);
  const worst = shown.some(({ severity }) => options.failOn !== undefined && reaches(severity, options.failOn));
  const limited = shown.slice(0, options.limit ?? shown.length);
  const empty = `nothing found in ${counted(result.requests, "request")}`;
  const data = { ...section, empty, batches: [limited.map(row)] };
  const { suppressed } = result;
  return {
    document: {
      requests: result.requests,
      total: shown.length,
      findings: limited.map(findingRecord),
      suppressed,
      ...(known === null ? {} : { inBaseline: result.findings.length - shown.length }),
      unread: result.unread,
      ...(result.newest === undefined ? {} : { newest: result.newest }),
    },
    data,
    people: [data, ...besideFindings(limited, suppressed, options.tz)],
    sarif: () => sarifLog(limited, invocation.inputs),
    ...(worst ? { exitCode: 4 as const } : {}),
  };
}

/** Reading them takes a pass over the original events, which only scripts have a use for. */
function wantsAuditIDs({ invocation: { options } }: CommandContext): boolean {
  return options.run !== undefined || ["json", "jsonl", "sarif"].includes(options.output ?? "table");
}

function reaches(severity: Finding["severity"], least: Finding["severity"]): boolean {
  return severityRank(severity) >= severityRank(least);
}

function tellUnread({ unread }: FindingsResult): void {
  if (unread > 0)
    note(`${counted(unread, "event")} that might have told more could not be read again, or were too many to read`);
}
