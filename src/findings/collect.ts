import { anyOf, filterText } from "./filter-text.ts";
import type { Detector, Draft, Evidence, Expectation, Finding, FindingsResult, FindingStore } from "./contract.ts";
import { expectationOf } from "./expectations.ts";
import { runAround } from "./runs.ts";
import { severityRank } from "./severity.ts";
import type { SharedPass } from "./shared-pass.ts";
import { joined, windowTerms } from "./terms.ts";

/** What evidence is made whole with. */
export interface EvidenceStore extends FindingStore {
  /** Their auditIDs; "" for those that cannot be read any more. */
  auditIDs(seqs: readonly number[]): Promise<readonly string[]>;
  /** Seqs of the first requests that `terms` select, at most `most`. */
  seqs(terms: string, most: number): Promise<readonly number[]>;
  /** Canonical text of `terms` and what the store's own selection adds. */
  queryOf(terms: string): string;
}

export interface CollectOptions {
  readonly detectors: readonly Detector[];
  readonly expectations: readonly Expectation[];
  /** auditIDs of at most so many requests of each finding: they are read from the original events. */
  readonly auditIDs: number;
}

/** Acts whose runs are looked for, the worst first. */
const MOST_RUNS = 500;

/** Everything that is wrong by these detectors, worst first; without `unread`, which whoever reads events knows. */
export async function collect(
  store: EvidenceStore,
  pass: SharedPass,
  { detectors, expectations, auditIDs }: CollectOptions,
): Promise<Omit<FindingsResult, "unread">> {
  const found: { readonly detector: Detector; readonly draft: Draft }[] = [];
  for (const { detector, drafts } of pass.found()) for (const draft of drafts) found.push({ detector, draft });
  const aggregates = detectors.filter((detector) => detector.kind === "aggregate");
  // All at once: what they read of original events is read in a few passes.
  const told = await Promise.all(aggregates.map(async (detector) => [detector, await detector.detect(store)] as const));
  for (const [detector, drafts] of told) for (const draft of drafts) found.push({ detector, draft });
  const suppressed = new Map<Expectation, string[]>();
  const shown: Promise<Finding>[] = [];
  let runs = MOST_RUNS;
  for (const { detector, draft } of found.sort(bySeverity)) {
    const expected = expectationOf(detector.id, draft, expectations);
    if (expected === undefined) {
      shown.push(findingOf(store, detector, draft, runs > 0));
      if (detector.wholeRun === true) runs -= 1;
    } else suppressed.set(expected, [...(suppressed.get(expected) ?? []), detector.id]);
  }
  // Nobody used it yet, or it was seen and is not kept any more.
  const findings = (await Promise.all(shown)).filter(({ count }) => count > 0).sort(byWeight);
  return {
    findings: auditIDs === 0 ? findings : await withAuditIDs(store, findings, auditIDs),
    suppressed: [...suppressed].map(([{ because, from }, ids]) => ({
      because,
      from,
      findings: ids.length,
      ids: [...new Set(ids)],
    })),
    requests: store.requests,
  };
}

function bySeverity(a: { readonly draft: Draft }, b: { readonly draft: Draft }): number {
  return severityRank(b.draft.severity) - severityRank(a.draft.severity);
}

function byWeight(a: Finding, b: Finding): number {
  return (
    severityRank(b.severity) - severityRank(a.severity) ||
    b.count - a.count ||
    (a.id < b.id ? -1 : a.id > b.id ? 1 : (a.firstSeen ?? "") < (b.firstSeen ?? "") ? -1 : 1)
  );
}

async function findingOf(store: EvidenceStore, detector: Detector, draft: Draft, withRun: boolean): Promise<Finding> {
  const { evidence: _, advice = detector.advice, ...told } = draft;
  const own = await wholeEvidence(store, draft.evidence);
  const run = withRun && detector.wholeRun === true ? await wholeRun(store, own) : null;
  const { terms, requests, firstSeen, lastSeen } = run ?? own;
  return {
    id: detector.id,
    ...told,
    detail: run === null ? draft.detail : `${draft.detail}; ${requests} requests with what belongs to the same run`,
    count: requests,
    firstSeen: firstSeen === "" ? null : firstSeen,
    lastSeen: lastSeen === "" ? null : lastSeen,
    evidence: { query: store.queryOf(terms), auditIDs: [] },
    advice,
    references: detector.references,
  };
}

/** Of all in one pass over the original events. */
async function withAuditIDs(store: EvidenceStore, findings: readonly Finding[], most: number): Promise<Finding[]> {
  const seqs = await Promise.all(findings.map(({ evidence }) => store.seqs(evidence.query, most)));
  const all = [...new Set(seqs.flat())];
  const ids = new Map((await store.auditIDs(all)).map((id, at) => [all[at], id]));
  return findings.map((finding, at) => {
    const auditIDs = (seqs[at] ?? []).map((seq) => ids.get(seq) ?? "").filter((id) => id !== "");
    return { ...finding, evidence: { ...finding.evidence, auditIDs } };
  });
}

interface WholeEvidence {
  readonly terms: string;
  readonly requests: number;
  readonly firstSeen: string;
  readonly lastSeen: string;
}

/** The shortest terms that select what was seen, with what they select. */
async function wholeEvidence(store: EvidenceStore, evidence: Evidence): Promise<WholeEvidence> {
  if (!("marks" in evidence)) {
    const { terms, counted } = evidence;
    return counted === undefined ? countedBy(store, terms) : { terms, ...counted };
  }
  const { terms, marks, requests } = evidence;
  const plain = await countedBy(store, terms);
  if (plain.requests === requests || marks.length === 0) return plain;
  const times = marks.map(({ receivedUs }) => receivedUs).filter((us) => !Number.isNaN(us));
  const narrow =
    times.length === 0 ? `(${terms})` : joined(`(${terms})`, windowTerms(Math.min(...times), Math.max(...times)));
  const inTime = await countedBy(store, narrow);
  if (inTime.requests === requests || marks.length < requests) return inTime;
  const known = marks.map(({ auditID }) => auditID);
  const ids = known.includes("") ? await store.auditIDs(marks.map(({ seq }) => seq)) : known;
  if (ids.includes("")) return inTime;
  return countedBy(store, joined(narrow, anyOf("id", new Set(ids))));
}

async function wholeRun(store: EvidenceStore, { terms, requests }: WholeEvidence): Promise<WholeEvidence | null> {
  const run = requests === 0 ? null : await runAround(store, terms);
  if (run === null) return null;
  const counted = await countedBy(store, run.terms);
  return counted.requests === run.requests ? counted : null;
}

async function countedBy(store: EvidenceStore, terms: string): Promise<WholeEvidence> {
  const [row] = await store.groups(terms, []);
  return {
    terms: filterText(terms),
    requests: row?.requests ?? 0,
    firstSeen: row?.firstSeen ?? "",
    lastSeen: row?.lastSeen ?? "",
  };
}
