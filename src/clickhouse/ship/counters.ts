/** What a shipper has done, as it says on request: the names are for Prometheus. */
const COUNTERS = {
  events: "Events that are in the store.",
  bytes: "Their bytes as they were read.",
  batches: "Batches that are in the store.",
  sent_bytes: "Bytes of batches as they were sent, packed.",
  known_batches: "Batches that were sent before, as the store says.",
  retries: "Batches that were sent again.",
  duplicates: "Events left out because they came before.",
  skipped: "Records that are no event, or were cut short.",
} as const;

const GAUGES = {
  pending_batches: "Batches that are journalled and not in the store yet.",
  pending_events: "Events in them, and in the batch that is being filled.",
  lag_seconds: "Since the newest event that is in the store was received; 0 before the first.",
  up: "1 while the last attempt to send was taken, else 0.",
} as const;

export type Counter = keyof typeof COUNTERS;

export class Counters {
  private readonly counts = new Map<Counter, number>();
  pendingBatches = 0;
  pendingEvents = 0;
  /** µs; NaN before the first. */
  newestUs = Number.NaN;
  isUp = true;

  add(name: Counter, by = 1): void {
    this.counts.set(name, this.get(name) + by);
  }

  set(name: Counter, to: number): void {
    this.counts.set(name, to);
  }

  get(name: Counter): number {
    return this.counts.get(name) ?? 0;
  }

  /** In Prometheus' text format. */
  text(nowMs: number): string {
    const gauges: Record<keyof typeof GAUGES, number> = {
      pending_batches: this.pendingBatches,
      pending_events: this.pendingEvents,
      lag_seconds: Number.isNaN(this.newestUs) ? 0 : Math.max(0, nowMs / 1e3 - this.newestUs / 1e6),
      up: Number(this.isUp),
    };
    const metric = (name: string, type: string, help: string, value: number): string =>
      `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name} ${value}\n`;
    return [
      ...Object.entries(COUNTERS).map(([name, help]) =>
        metric(`ktrail_ship_${name}_total`, "counter", help, this.get(name as Counter)),
      ),
      ...Object.entries(GAUGES).map(([name, help]) =>
        metric(`ktrail_ship_${name}`, "gauge", help, gauges[name as keyof typeof GAUGES]),
      ),
    ].join("");
  }
}
