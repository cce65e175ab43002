import { RequestRing } from "../../src/index/ring.ts";
import type { RingOptions } from "../../src/index/ring-options.ts";
import type { EventBatch } from "../../src/index/event-batch.ts";
import { createScanner, type EventScanner } from "../../src/ingest/scanner/scanner.ts";

export interface EventFields {
  readonly auditID: string;
  readonly stage?: string;
  /** ms after an arbitrary start. */
  readonly received?: number;
  readonly staged?: number;
  readonly [field: string]: unknown;
}

const START = Date.UTC(2026, 10, 21);

export function timeText(ms: number): string {
  return `${new Date(START + ms).toISOString().slice(0, -1)}000Z`;
}

export function microsOf(ms: number): number {
  return (START + ms) * 1000;
}

/** An event as the API server writes it; extra fields replace the usual ones. */
export function eventLine({
  auditID,
  stage = "ResponseComplete",
  received = 0,
  staged = received + 5,
  ...rest
}: EventFields): Buffer {
  const event = {
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID,
    stage,
    requestURI: "/api/v1/namespaces/demo/pods",
    verb: "create",
    user: { username: "alice", groups: ["dev", "system:authenticated"] },
    sourceIPs: ["10.0.0.1"],
    userAgent: "kubectl/v1.36",
    objectRef: { resource: "pods", namespace: "demo", apiVersion: "v1" },
    ...(stage === "RequestReceived" ? {} : { responseStatus: { metadata: {}, code: 201 } }),
    requestReceivedTimestamp: timeText(received),
    stageTimestamp: timeText(staged),
    ...rest,
  };
  return Buffer.from(JSON.stringify(event));
}

/** A ring with a scanner in front, fed event by event or batch by batch. */
export class Feeder {
  readonly ring: RequestRing;
  readonly scanner: EventScanner;
  readonly source: number;
  private offset = 0;

  constructor(options: Partial<RingOptions> = {}) {
    this.ring = new RequestRing({ capacity: Number.POSITIVE_INFINITY, idSeed: [1, 2], ...options });
    this.scanner = createScanner(this.ring.openScanner());
    this.source = this.ring.registerSource("audit.log");
  }

  batch(lines: readonly Uint8Array[], source = this.source): EventBatch {
    for (const line of lines) {
      const isTaken = this.scanner.scan(line, 0, line.length, source, this.offset, line.length);
      if (!isTaken) throw new Error(`no event: ${Buffer.from(line).toString()}`);
      this.offset += line.length + 1;
    }
    return this.scanner.takeBatch();
  }

  append(...lines: Uint8Array[]): void {
    this.ring.append(this.batch(lines));
  }

  prepend(...lines: Uint8Array[]): void {
    this.ring.prepend(this.batch(lines));
  }
}
