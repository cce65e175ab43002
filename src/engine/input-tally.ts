import type { InputReport, RejectKind, RejectSample } from "../ingest/contract.ts";
import { RECENT_MS } from "./arrivals.ts";

/** Rejected records kept as examples, per input. */
const SAMPLES = 20;
const LOSSES = 20;

/** Running counts of one input; `report` is the snapshot that `info` and the status line show. */
export class InputTally {
  readonly path: string;
  format = "";
  compression: InputReport["compression"] = "none";
  bytes = 0;
  totalBytes: number | null = null;
  events = 0;
  foreign = 0;
  bad = 0;
  truncated = 0;
  fragment = 0;
  duplicate = 0;
  /** Events by the id of the format they were found in; those that are a line by themselves are not counted. */
  readonly formats = new Map<string, number>();
  error: string | null = null;
  passedOver: string | null = null;
  state: InputReport["state"] = "waiting";
  waitingFor: string | null = null;
  private lost: readonly string[] = [];
  /** When something last came, by both clocks: one for the length of a silence, one to tell it. */
  private last: { readonly ms: number; readonly epochMs: number } | null = null;
  private readonly samples: RejectSample[] = [];

  constructor(path: string) {
    this.path = path;
  }

  reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string): void {
    this[kind] += 1;
    if (this.samples.length < SAMPLES) this.samples.push({ kind, offset, bytes, reason, sample });
  }

  count(format: string, events: number): void {
    this.formats.set(format, (this.formats.get(format) ?? 0) + events);
  }

  /** Lines by themselves are what is left of all events. */
  private byFormat(): [format: string, events: number][] {
    let plain = this.events + this.duplicate;
    for (const events of this.formats.values()) plain -= events;
    const all = [...this.formats];
    if (plain > 0) all.push(["jsonl", plain]);
    return all.sort((a, b) => b[1] - a[1]);
  }

  /** Bytes came, or following began. */
  heard(): void {
    this.last = { ms: performance.now(), epochMs: Date.now() };
  }

  lose(sentence: string): void {
    this.lost = [...this.lost, sentence].slice(-LOSSES);
  }

  private get silentSinceMs(): number | null {
    const { last, state } = this;
    if (last === null || state !== "following" || performance.now() - last.ms < RECENT_MS) return null;
    return last.epochMs;
  }

  report(): InputReport {
    const formats = this.byFormat();
    return {
      path: this.path,
      format: formats[0]?.[0] ?? this.format,
      formats: formats.length > 1 ? Object.fromEntries(formats) : {},
      compression: this.compression,
      bytes: this.bytes,
      totalBytes: this.totalBytes,
      events: this.events,
      skipped: {
        foreign: this.foreign,
        bad: this.bad,
        truncated: this.truncated,
        fragment: this.fragment,
        duplicate: this.duplicate,
      },
      samples: this.samples,
      error: this.error,
      passedOver: this.passedOver,
      state: this.state,
      waitingFor: this.state === "waiting" ? this.waitingFor : null,
      silentSinceMs: this.silentSinceMs,
      lost: this.lost,
    };
  }
}
