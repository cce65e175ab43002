import type { AuditedEvent } from "./audited-event.ts";

/** Strangers choose names: more are not kept. */
const MOST_NAMES = 10_000;
const LONGEST_NAME = 512;

function keep(names: Set<string>, name: string): void {
  if (names.size < MOST_NAMES && name.length <= LONGEST_NAME) names.add(name);
}

/** What a log tells a linter: who asks for what, and what costs how much. */
export class LogFacts {
  readonly groups = new Set<string>();
  readonly users = new Set<string>();
  events = 0;
  bytes = 0;
  requestReceived = 0;
  managedFieldsBytes = 0;

  see(event: AuditedEvent): void {
    const { attributes, user, level } = event;
    this.events += 1;
    this.bytes += event.bytes;
    if (event.stage === "RequestReceived") this.requestReceived += 1;
    this.managedFieldsBytes += event.bytes - event.keptBytes(level, true);
    if (attributes.isResourceRequest && event.code !== 404) keep(this.groups, attributes.apiGroup);
    if (user !== null) keep(this.users, user.name);
  }
}
