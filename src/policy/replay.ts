import { LEVELS, type Level, type Stage } from "../events/vocabulary.ts";
import type { AuditedEvent } from "./audited-event.ts";
import type { Policy } from "./contract.ts";
import { type Decision, type Evaluator, evaluatorOf, isWritten } from "./evaluate.ts";
import type { Feature, Found } from "./needs/contract.ts";
import { type Loss, Losses } from "./needs/losses.ts";
import { addTo, type Kept, KeptBy, type KeptRow, noVolume, type Volume } from "./tally.ts";
import { UnloggedStages } from "./unlogged-stages.ts";

/** What became of one event. */
export interface Replayed {
  /** 0-based; -1: no rule matches. */
  readonly rule: number;
  /** What the policy asks for, whether or not the stage is written. */
  readonly level: Level;
  readonly omitManagedFields: boolean;
  readonly isWritten: boolean;
  /** Of what is written. */
  readonly bytes: number;
}

export interface ReplayedRule {
  /** -1: no rule matches. */
  readonly rule: number;
  readonly line: number | null;
  readonly level: Level;
  /** Events it decides about, and what is written of them. */
  readonly in: Volume;
  readonly kept: Volume;
}

/** A log under a policy. Bytes are of the events' JSON, a newline each. */
export interface ReplayResult {
  readonly in: Volume;
  readonly kept: Volume;
  /** By level, as recorded and as written. */
  readonly levels: Readonly<Record<Level, Kept>>;
  readonly rules: readonly ReplayedRule[];
  readonly resources: readonly KeptRow[];
  readonly users: readonly KeptRow[];
  /** Events that are not written although their level is not None. */
  readonly stagesOmitted: number;
  /** Written events that were recorded at a lower level than the policy asks: their bytes are a lower bound. */
  readonly lacking: number;
  /** Written events whose bodies the API server had dropped: their bytes are a lower bound too. */
  readonly truncated: number;
  /** Events the policy would write and the log does not have, by stage; not among the others. */
  readonly unlogged: Readonly<Record<"RequestReceived" | "ResponseStarted", number>>;
  readonly loses: readonly Loss[];
}

/** Runs a log through a policy, event by event; memory does not grow with the log. */
export class Replay {
  private readonly evaluator: Evaluator;
  private readonly whole = noVolume();
  private readonly kept = noVolume();
  private readonly levels: Record<Level, Kept>;
  private readonly rules: readonly ReplayedRule[];
  private readonly unmatched: ReplayedRule = ruleRow(-1, null, "None");
  private readonly resources = new KeptBy();
  private readonly users = new KeptBy();
  private readonly losses: Losses;
  private readonly unlogged = new UnloggedStages();
  private stagesOmitted = 0;
  private lacking = 0;
  private truncated = 0;

  /** `found`: what is in this log and might not be found any more. */
  constructor(policy: Policy, features: readonly Feature[], found: readonly Found[]) {
    this.evaluator = evaluatorOf(policy);
    this.losses = new Losses(policy, features, found);
    const level = (): Kept => ({ in: noVolume(), kept: noVolume() });
    this.levels = { None: level(), Metadata: level(), Request: level(), RequestResponse: level() };
    this.rules = policy.rules.map((rule, at) => ruleRow(at, rule.place.line, rule.level));
  }

  see(event: AuditedEvent): Replayed {
    const decision = this.evaluator.decide(event.user, event.attributes);
    const written = isWritten(decision, event.stage);
    const { bytes } = event;
    const keptBytes = written ? event.keptBytes(decision.level, decision.omitManagedFields) : 0;
    const rule = this.rules[decision.rule] ?? this.unmatched;
    for (const volume of [this.whole, this.levels[event.level].in, rule.in]) addTo(volume, bytes);
    if (written) {
      for (const volume of [this.kept, this.levels[decision.level].kept, rule.kept]) addTo(volume, keptBytes);
      this.count(event, decision);
    } else if (decision.level !== "None") this.stagesOmitted += 1;
    this.resources.add(event.target === "" ? event.attributes.path : event.target, bytes, keptBytes);
    this.users.add(event.user?.name ?? "", bytes, keptBytes);
    this.losses.see(event, decision);
    this.unlogged.see(event, decision);
    const { level, omitManagedFields } = decision;
    return { rule: decision.rule, level, omitManagedFields, isWritten: written, bytes: keptBytes };
  }

  result(): ReplayResult {
    const { whole, kept, levels, stagesOmitted, lacking, truncated } = this;
    return {
      in: whole,
      kept,
      levels,
      rules: this.unmatched.in.events > 0 ? [...this.rules, this.unmatched] : this.rules,
      resources: this.resources.ranked(OTHERS),
      users: this.users.ranked(OTHERS),
      stagesOmitted,
      lacking,
      truncated,
      unlogged: this.unlogged.events,
      loses: this.losses.list(),
    };
  }

  private count(event: AuditedEvent, { level }: Decision): void {
    if (LEVELS.indexOf(event.level) < LEVELS.indexOf(level)) this.lacking += 1;
    if (event.isTruncated) this.truncated += 1;
  }
}

const OTHERS = "(others)";

function ruleRow(rule: number, line: number | null, level: Level): ReplayedRule {
  return { rule, line, level, in: noVolume(), kept: noVolume() };
}

/** A replayed event as `-o jsonl` prints it. */
export function replayedRecord(event: AuditedEvent, { rule, level, isWritten: written }: Replayed): ReplayedRecord {
  const { auditID, stage, received } = event;
  return { auditID, stage, t: received, level, rule, omitted: !written };
}

export interface ReplayedRecord {
  readonly auditID: string;
  readonly stage: Stage;
  /** requestReceivedTimestamp, verbatim. */
  readonly t: string;
  readonly level: Level;
  readonly rule: number;
  readonly omitted: boolean;
}
