import { lintRows, lintTable } from "../panes/policy/tables.ts";
import { AuditedEventReader } from "../policy/audited-event.ts";
import type { PolicyText } from "../policy/contract.ts";
import { type LintItem, type LintResult, lintPolicy } from "../policy/lint/lint.ts";
import { LogFacts } from "../policy/log-facts.ts";
import { printedLook, tableSection } from "./answer-section.ts";
import type { OriginalsContext } from "./contract.ts";
import { note } from "./notes.ts";
import { type Answer, fields, type OutputRow } from "./output.ts";
import { readPolicyFile } from "../engine/policy-file.ts";

interface Linted extends LintResult {
  readonly read: PolicyText;
}

export async function lintAnswer({ invocation, pass }: OriginalsContext): Promise<Answer> {
  const { operands, inputs } = invocation;
  const { name, text, policies } = readPolicyFile(operands["POLICY"] ?? "");
  const log = inputs.length === 0 ? null : await factsOf(pass);
  const linted = policies.map((read): Linted => ({ read, ...lintPolicy(read, text, log) }));
  const isSeveral = linted.length > 1;
  const records = linted.flatMap(({ read, items }) =>
    items.map((item) => itemRecord(item, isSeveral ? read.key : null)),
  );
  for (const { read, accepted } of linted) tell(read, accepted);
  const look = printedLook(invocation.options.tz);
  const isRefused = records.some(({ severity }) => severity === "error");
  return {
    document: {
      policy: name,
      ...(isSeveral ? { policies: linted.map(policyRecord) } : {}),
      items: records,
      accepted: [...new Set(linted.flatMap(({ accepted }) => accepted))],
    },
    data: {
      columns: [],
      fields: fields(...(isSeveral ? ["in"] : []), "rule", "line", "severity", "id", "message", "instead"),
      batches: [records.map((record): OutputRow => ({ record: { ...record }, cells: () => [] }))],
    },
    people: linted.map(({ read, items }) =>
      tableSection(lintTable(isSeveral ? `${name}#${read.key}` : name), lintRows(items), look),
    ),
    ...(isRefused ? { exitCode: 4 } : {}),
  };
}

async function factsOf(pass: OriginalsContext["pass"]): Promise<LogFacts> {
  const facts = new LogFacts();
  const reader = new AuditedEventReader();
  for await (const _ of pass(({ bytes, start, end, members }) => facts.see(reader.read(bytes, start, end, members))));
  return facts;
}

interface ItemRecord {
  /** Of several policies in a file, which. */
  readonly in?: string;
  readonly rule: number | null;
  readonly line: number | null;
  readonly severity: string;
  readonly id: string;
  readonly message: string;
  readonly instead: string;
}

function itemRecord({ rule, place, severity, id, message, instead }: LintItem, key: string | null): ItemRecord {
  const where = key === null ? {} : { in: key };
  return { ...where, rule, line: place?.line ?? null, severity, id, message, instead };
}

function policyRecord({ read: { key, place, policy } }: Linted): object {
  return { in: key, line: place.line, rules: policy?.rules.length ?? null };
}

function tell({ key, isTemplate }: PolicyText, accepted: readonly string[]): void {
  const where = key === "" ? "" : `${key}: `;
  if (isTemplate)
    note(`${where}this is a template: it was read without its control lines, with a word where values are filled in`);
  if (accepted.length > 0) note(`${where}accepted by a comment: ${accepted.join(", ")}`);
}
