import { setImmediate as nextTurn } from "node:timers/promises";
import { isReadOnce } from "../files/read-once.ts";
import { wholeObject } from "../formats/shape/json-bytes.ts";
import { AuditedEventReader } from "../policy/audited-event.ts";
import type { Policy } from "../policy/contract.ts";
import { lintPolicy } from "../policy/lint/lint.ts";
import { LogFacts } from "../policy/log-facts.ts";
import type { Found } from "../policy/needs/contract.ts";
import { FEATURES } from "../policy/needs/features.ts";
import { readPolicies } from "../policy/read-policy.ts";
import { Replay, type ReplayResult } from "../policy/replay.ts";
import { suggestPolicy } from "../policy/suggest/suggest.ts";
import { suggestionText } from "../policy/suggest/text.ts";
import { Traffic } from "../policy/suggest/traffic.ts";
import type { NewestOnly } from "../queries/continuity/contract.ts";
import { MATCH_ALL } from "../queries/contract.ts";
import { newestWithin } from "../store/newest-within.ts";
import type { Store } from "../store/store.ts";
import type { Asks } from "./contract.ts";
import type { GivenPolicy, PolicyReport } from "./policy-report.ts";
import type { Original } from "./original-scanner.ts";
import { passOriginals } from "./originals-pass.ts";
import { onlyPolicy, type PolicyFile, readPolicyFile } from "./policy-file.ts";

/** Half a second of work between two looks of the screen at what there is so far. */
const PARTIAL_EVERY_MS = 500;

/** Shows every event to `see`, gives way to others in between, and tells how much of all that was: 0…1. */
export type OriginalsPass = (
  see: (original: Original) => void,
  told: (share: number) => void,
  signal: AbortSignal,
) => Promise<void>;

export interface PolicyLog {
  readonly pass: OriginalsPass;
  /** It is only the latest event of each request that is kept: an input can be read but once. */
  readonly isKept: boolean;
  /** It is only the newest of what is stored, as of the last pass. */
  readonly newest?: () => NewestOnly | undefined;
  /** Resolves when what there is has been read once: two readers would only be in each other's way. */
  whenRead(): Promise<void>;
  /** What is found in all of it. */
  found(signal: AbortSignal): Promise<readonly Found[]>;
}

/** What policies make of the log: it is read again from its beginning for every answer, and the latest answers are kept. */
export class PolicyReports {
  private readonly log: PolicyLog;
  private readonly known = new Map<string, PolicyReport>();

  constructor(log: PolicyLog) {
    this.log = log;
  }

  async report(
    { path, pass }: Asks["policy"]["ask"],
    signal: AbortSignal,
    onPartial?: (answer: PolicyReport) => void,
  ): Promise<PolicyReport> {
    const file = path === null ? null : readGiven(path);
    const key = JSON.stringify([path, file === null || "error" in file ? file : file.text, pass]);
    const known = this.known.get(key);
    if (known !== undefined) return known;
    await Promise.race([this.log.whenRead(), aborted(signal)]);
    signal.throwIfAborted();
    const work = new Work(file, this.log, signal, onPartial);
    const report = await work.report();
    if (this.known.size >= MOST_KNOWN) this.known.delete(this.known.keys().next().value ?? "");
    this.known.set(key, report);
    return report;
  }
}

const MOST_KNOWN = 4;

function readGiven(path: string): PolicyFile | { readonly error: string } {
  try {
    if (isReadOnce(path)) {
      return { error: "a policy for the screen has to be a file" };
    }
    return readPolicyFile(path);
  } catch (error) {
    return { error: errorText(error) };
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Bytes of original events read again for one answer. */
const MOST_BYTES = 1024 * 1024 * 1024;
const PART = 512;

/** Inputs from their beginning. */
export function passInputs(inputs: readonly string[], format: string): OriginalsPass {
  return async (see, told, signal) => {
    for await (const { share } of passOriginals({ inputs, format, signal, see })) {
      signal.throwIfAborted();
      told(share ?? 0);
      await nextTurn();
    }
  };
}

/** The latest event of each request that is kept, for inputs that cannot be read twice. */
export function passKept(store: Store): OriginalsPass {
  return async (see, _told, signal) => {
    const query = { filter: MATCH_ALL, anchor: "newest", before: Number.MAX_SAFE_INTEGER, after: 1 } as const;
    const { rows } = await store.ids(query, signal);
    const ids = await newestWithin(store, rows, MOST_BYTES);
    for (let from = 0; from < ids.length; from += PART) {
      for await (const { event } of store.originals(ids.slice(from, from + PART), signal)) {
        if ("bytes" in event) seeBytes(event.bytes, see);
      }
      signal.throwIfAborted();
      await nextTurn();
    }
  };
}

/** One event, which is all of the bytes. */
export function seeBytes(bytes: Uint8Array, see: (original: Original) => void): void {
  const own = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = wholeObject(own, 0, own.length);
  if (members !== null) see({ bytes: own, start: 0, end: own.length, members });
}

/** Rows of a table that cross to the screen. */
const MOST_ROWS = 1_000;

/** One answer in the making. */
class Work {
  private readonly file: PolicyFile | { readonly error: string } | null;
  private readonly log: PolicyLog;
  private readonly signal: AbortSignal;
  private readonly onPartial: ((answer: PolicyReport) => void) | undefined;
  private readonly traffic = new Traffic();
  private readonly facts = new LogFacts();
  private toldMs = performance.now();

  constructor(
    file: PolicyFile | { readonly error: string } | null,
    log: PolicyLog,
    signal: AbortSignal,
    onPartial: ((answer: PolicyReport) => void) | undefined,
  ) {
    this.file = file;
    this.log = log;
    this.signal = signal;
    this.onPartial = onPartial;
  }

  async report(): Promise<PolicyReport> {
    const { file } = this;
    const policy = file === null || "error" in file ? null : evaluable(file);
    // Findings take their time: what is known without them is told first.
    if (policy !== null) this.tell(this.made(null, policy), 0);
    const replay = policy === null ? null : new Replay(policy, FEATURES, await this.log.found(this.signal));
    const reader = new AuditedEventReader();
    const half = file === null ? 0.5 : 1;
    await this.pass(
      (original) => {
        const event = reader.read(original.bytes, original.start, original.end, original.members);
        this.traffic.see(event);
        this.facts.see(event);
        replay?.see(event);
      },
      (share) => this.tell(this.made(replay, policy), share * half),
    );
    if (file !== null) return this.made(replay, policy);
    // What the suggestion gives up is known when it is made: the log is passed once more under it.
    const suggested = policyIn(suggestionText(suggestPolicy(this.traffic)));
    const again = new Replay(suggested, FEATURES, await this.log.found(this.signal));
    await this.pass(
      (original) => void again.see(reader.read(original.bytes, original.start, original.end, original.members)),
      (share) => this.tell(this.made(null, null), half + share * half),
    );
    return this.made(again, suggested);
  }

  private made(replay: Replay | null, policy: Policy | null): PolicyReport {
    const suggestion = suggestPolicy(this.traffic);
    return {
      given: this.given(),
      policy,
      replay: replay === null ? null : bounded(replay.result()),
      suggestion,
      suggestionText: suggestionText(suggestion),
      isKept: this.log.isKept,
      ...newestOf(this.log),
    };
  }

  private given(): GivenPolicy | null {
    const { file } = this;
    if (file === null) return null;
    if ("error" in file) return { ...file, items: [], problems: [] };
    try {
      const read = onlyPolicy(file);
      const { items } = lintPolicy(read, file.text, this.facts.events === 0 ? null : this.facts);
      return { error: null, items, problems: read.problems };
    } catch (error) {
      return { error: errorText(error), items: [], problems: [] };
    }
  }

  private tell(report: PolicyReport, share: number): void {
    this.onPartial?.({ ...report, partial: { done: share, of: 1 } });
  }

  /** Gives way to others after each chunk. */
  private async pass(see: (original: Original) => void, onShare: (share: number) => void): Promise<void> {
    const { log, signal } = this;
    const told = (share: number): void => {
      const now = performance.now();
      if (now - this.toldMs < PARTIAL_EVERY_MS) return;
      this.toldMs = now;
      onShare(share);
    };
    await log.pass(see, told, signal);
  }
}

function newestOf({ newest }: PolicyLog): Pick<PolicyReport, "newest"> {
  const only = newest?.();
  return only === undefined ? {} : { newest: only };
}

function bounded(result: ReplayResult): ReplayResult {
  const { resources, users } = result;
  return { ...result, resources: resources.slice(0, MOST_ROWS), users: users.slice(0, MOST_ROWS) };
}

/** Null when nothing can be evaluated. */
function evaluable(file: PolicyFile): Policy | null {
  try {
    return onlyPolicy(file).policy;
  } catch {
    return null;
  }
}

function policyIn(text: string): Policy {
  const [read] = readPolicies(text);
  if (read?.policy === undefined || read.policy === null) throw new Error("a suggestion is refused");
  return read.policy;
}
