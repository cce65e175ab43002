import { isLongRunning, type Stage } from "../events/vocabulary.ts";
import type { AuditedEvent } from "./audited-event.ts";
import { type Decision, isWritten } from "./evaluate.ts";

/** Requests whose end has not come; the oldest are forgotten. */
const MOST_OPEN = 100_000;

/**
 * Events that a policy would write and the log does not have, since its own policy omitted their stage: one
 * RequestReceived for each request, one ResponseStarted for each that runs long. Told from the requests that are answered.
 */
export class UnloggedStages {
  readonly events: Record<"RequestReceived" | "ResponseStarted", number> = { RequestReceived: 0, ResponseStarted: 0 };
  private readonly open = new Map<string, Stage[]>();

  see(event: AuditedEvent, decision: Decision): void {
    const { auditID, stage } = event;
    if (stage === "RequestReceived" || stage === "ResponseStarted") {
      const seen = this.open.get(auditID);
      if (seen !== undefined) seen.push(stage);
      else {
        const oldest = this.open.size < MOST_OPEN ? undefined : this.open.keys().next().value;
        if (oldest !== undefined) this.open.delete(oldest);
        this.open.set(auditID, [stage]);
      }
      return;
    }
    const seen = this.open.get(auditID) ?? [];
    this.open.delete(auditID);
    if (!seen.includes("RequestReceived") && isWritten(decision, "RequestReceived")) this.events.RequestReceived += 1;
    const { verb, subresource, path } = event.attributes;
    const runsLong = isLongRunning(verb, subresource, path) || subresource === "log";
    if (runsLong && !seen.includes("ResponseStarted") && isWritten(decision, "ResponseStarted")) {
      this.events.ResponseStarted += 1;
    }
  }
}
