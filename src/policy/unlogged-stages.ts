import { isLongRunning, type Stage } from "../events/vocabulary.ts";
import type { AuditedEvent } from "./audited-event.ts";
import { type Decision, isWritten } from "./evaluate.ts";

/** Requests whose end has not come; of twice as many, the older half is forgotten at a time. */
const MOST_OPEN = 50_000;
/** Clients may choose theirs. */
const LONGEST_ID = 128;

/**
 * Events that a policy would write and the log does not have, since its own policy omitted their stage: one
 * RequestReceived for each request, one ResponseStarted for each that runs long. Told from the requests that are answered.
 */
export class UnloggedStages {
  readonly events: Record<"RequestReceived" | "ResponseStarted", number> = { RequestReceived: 0, ResponseStarted: 0 };
  private open = new Map<string, Stage[]>();
  private older = new Map<string, Stage[]>();

  see(event: AuditedEvent, decision: Decision): void {
    const { stage } = event;
    const auditID = event.auditID.slice(0, LONGEST_ID);
    if (stage === "RequestReceived" || stage === "ResponseStarted") {
      const seen = this.open.get(auditID) ?? this.older.get(auditID);
      if (seen === undefined) this.begin(auditID, stage);
      else if (!seen.includes(stage)) seen.push(stage);
      return;
    }
    const seen = this.open.get(auditID) ?? this.older.get(auditID) ?? [];
    this.open.delete(auditID);
    this.older.delete(auditID);
    if (!seen.includes("RequestReceived") && isWritten(decision, "RequestReceived")) this.events.RequestReceived += 1;
    const { verb, subresource, path } = event.attributes;
    const runsLong = isLongRunning(verb, subresource, path) || subresource === "log";
    if (runsLong && !seen.includes("ResponseStarted") && isWritten(decision, "ResponseStarted")) {
      this.events.ResponseStarted += 1;
    }
  }

  private begin(auditID: string, stage: Stage): void {
    if (this.open.size >= MOST_OPEN) {
      this.older = this.open;
      this.open = new Map();
    }
    this.open.set(auditID, [stage]);
  }
}
