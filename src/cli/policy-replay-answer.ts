import type { Original } from "../engine/original-scanner.ts";
import { KtrailError } from "../errors.ts";
import { counted } from "../models/numbers.ts";
import {
  changeTable,
  keptTable,
  levelRows,
  levelTable,
  lossRows,
  lossTable,
  ruleTable,
  sideRows,
  sideTable,
} from "../panes/policy/tables.ts";
import { type AuditedEvent, AuditedEventReader } from "../policy/audited-event.ts";
import type { Policy } from "../policy/contract.ts";
import { FEATURES } from "../policy/needs/features.ts";
import { ReplayChanges } from "../policy/replay-changes.ts";
import { Replay, type Replayed, replayedRecord, type ReplayResult } from "../policy/replay.ts";
import { changesDocument, replayDocument } from "../policy/replay-document.ts";
import { type PrintedLook, printedLook, tableSection } from "./answer-section.ts";
import type { OriginalsContext } from "./contract.ts";
import { note } from "./notes.ts";
import { findingsOf } from "./policy-findings.ts";
import { type Answer, type DataSection, fields, type OutputRow, type Section } from "./output.ts";
import { onlyPolicy, readPolicyFile } from "../engine/policy-file.ts";

const DEFAULT_LIMIT = 20;

interface Evaluable {
  readonly name: string;
  readonly policy: Policy;
  /** Of a version that was removed: older API servers take it. */
  readonly isRefused: boolean;
}

/** What became of one event under each policy. */
interface Outcome {
  readonly event: AuditedEvent;
  readonly outcomes: readonly Replayed[];
}

export async function replayAnswer({ invocation, pass }: OriginalsContext): Promise<Answer> {
  const { operands, options } = invocation;
  const policies = [operands["POLICY"] ?? "", ...(options.against === undefined ? [] : [options.against])].map(
    evaluable,
  );
  const { output = "table" } = options;
  const isListing = output === "raw" || output === "jsonl" || output === "csv";
  const found = isListing ? [] : await findingsOf(invocation);
  const replays = policies.map(({ policy }) => new Replay(policy, FEATURES, found));
  const changes = new ReplayChanges();
  const reader = new AuditedEventReader();
  const outcomeOf = ({ bytes, start, end, members }: Original): Outcome => {
    const event = reader.read(bytes, start, end, members);
    const outcomes = replays.map((replay) => replay.see(event));
    const [a, b] = outcomes;
    if (a !== undefined && b !== undefined) changes.see(event, a, b);
    return { event, outcomes };
  };
  const exitCode = policies.some(({ isRefused }) => isRefused) ? ({ exitCode: 4 } as const) : {};
  if (output === "raw") return { data: eventSection([]), raw: batched(pass, outcomeOf, reducedEvent), ...exitCode };
  if (output === "jsonl" || output === "csv") {
    return { data: eventSection(rowBatches(pass, outcomeOf)), ...exitCode };
  }
  for await (const _ of pass((original) => void outcomeOf(original)));
  const results = replays.map((replay) => replay.result());
  const [first, second] = results;
  const [policy, against] = policies;
  if (first === undefined || policy === undefined) throw new Error("nothing was replayed");
  tellLimits(first);
  const limit = options.limit ?? DEFAULT_LIMIT;
  const look = printedLook(options.tz);
  const document = replayDocument(policy.name, first);
  if (second === undefined || against === undefined) {
    return { document, data: eventSection([]), people: replaySections(policy, first, limit, look), ...exitCode };
  }
  const list = changes.list();
  return {
    document: { ...document, against: replayDocument(against.name, second), changes: changesDocument(list) },
    data: eventSection([]),
    people: [
      tableSection(sideTable(policy.name, against.name), sideRows(first, second), look),
      tableSection(changeTable(policy.policy, against.policy), list.slice(0, limit), look),
      ...replaySections(policy, first, limit, look),
    ],
    ...exitCode,
  };
}

/** Throws KT300 for a policy that nothing can be said of. */
function evaluable(operand: string): Evaluable {
  const { policy, problems } = onlyPolicy(readPolicyFile(operand));
  const refusals = problems.filter(({ kind }) => kind === "refused");
  const lines = refusals.map(
    ({ place, message }) => `${place === null ? "" : `line ${String(place.line)}: `}${message}`,
  );
  if (policy === null) throw new KtrailError("KT300", `the API server refuses ${operand}:`, lines);
  for (const line of lines) note(`${operand}: ${line}`);
  for (const { place, message } of problems.filter(({ kind }) => kind === "ignored")) {
    note(`${operand}: line ${String(place?.line ?? 1)}: ${message}`);
  }
  return { name: operand, policy, isRefused: refusals.length > 0 };
}

/** What the figures can't know. */
function tellLimits({ lacking, truncated, unlogged }: ReplayResult): void {
  if (lacking > 0) {
    note(
      `${counted(lacking, "event")} of what is kept ${lacking === 1 ? "was" : "were"} recorded at a lower level than the policy asks for: their bytes are at least what is counted`,
    );
  }
  if (truncated > 0) {
    note(
      `the API server had dropped the bodies of ${counted(truncated, "kept event")}: too large; their bytes are at least what is counted`,
    );
  }
  for (const [stage, events] of Object.entries(unlogged)) {
    if (events > 0)
      note(`the policy would also write ${counted(events, `${stage} event`)} that this log does not have`);
  }
}

function replaySections(
  { policy }: Evaluable,
  result: ReplayResult,
  limit: number,
  look: PrintedLook,
): readonly Section[] {
  return [
    tableSection(levelTable(result), levelRows(result), look),
    tableSection(ruleTable(policy), result.rules, look),
    tableSection(keptTable("By resource", "resource"), result.resources.slice(0, limit), look),
    tableSection(keptTable("By user", "user"), result.users.slice(0, limit), look),
    tableSection(lossTable, lossRows(result.loses), look),
  ];
}

const EVENT_FIELDS = fields("auditID", "stage", "t", "level", "rule", "omitted");

function eventSection(batches: DataSection["batches"]): DataSection {
  return { columns: [], fields: EVENT_FIELDS, batches };
}

function rowBatches(
  pass: OriginalsContext["pass"],
  outcomeOf: (original: Original) => Outcome,
): AsyncIterable<readonly OutputRow[]> {
  return chunks(pass, (original) => eventRow(outcomeOf(original)));
}

function eventRow({ event, outcomes }: Outcome): OutputRow {
  const [first, second] = outcomes.map((outcome) => replayedRecord(event, outcome));
  if (first === undefined) throw new Error("nothing was replayed");
  const against =
    second === undefined ? {} : { against: { level: second.level, rule: second.rule, omitted: second.omitted } };
  const record = { ...first, ...against };
  return { record, cells: () => [] };
}

/** Null when it is not written. */
function reducedEvent({ event, outcomes }: Outcome): Buffer | null {
  const [outcome] = outcomes;
  return outcome?.isWritten === true ? event.reduced(outcome.level, outcome.omitManagedFields) : null;
}

async function* batched(
  pass: OriginalsContext["pass"],
  outcomeOf: (original: Original) => Outcome,
  bytesOf: (outcome: Outcome) => Buffer | null,
): AsyncGenerator<Uint8Array> {
  for await (const batch of chunks(pass, (original) => bytesOf(outcomeOf(original)))) {
    for (const bytes of batch) if (bytes !== null) yield bytes;
  }
}

/** What is made of the events of one chunk, before the next is read. */
async function* chunks<T>(
  pass: OriginalsContext["pass"],
  make: (original: Original) => T,
): AsyncGenerator<readonly T[]> {
  let made: T[] = [];
  for await (const _ of pass((original) => void made.push(make(original)))) {
    yield made;
    made = [];
  }
  if (made.length > 0) yield made;
}
