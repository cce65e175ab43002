import { LEVELS, STAGES } from "../events/vocabulary.ts";
import type { IngestCounters } from "./contract.ts";
import { MARK } from "./event-batch.ts";

/** Running counts over everything ever ingested. */
export class Counters implements IngestCounters {
  events = 0;
  duplicates = 0;
  fromUs = Number.NaN;
  toUs = Number.NaN;
  readonly sources: { events: number; duplicates: number }[] = [];
  /** By the low six bits of the marks: stage, level, and whether the event named them. */
  private readonly byMarks = new Float64Array(64);

  count(marks: number, source: number, receivedUs: number, stageUs: number): void {
    this.events++;
    (this.sources[source] as { events: number }).events++;
    const kind = marks & 63;
    this.byMarks[kind] = (this.byMarks[kind] as number) + 1;
    if (!(receivedUs >= this.fromUs) && receivedUs === receivedUs) this.fromUs = receivedUs;
    const lastUs = stageUs === stageUs ? stageUs : receivedUs;
    if (!(lastUs <= this.toUs) && lastUs === lastUs) this.toUs = lastUs;
  }

  countDuplicate(source: number): void {
    this.duplicates++;
    (this.sources[source] as { duplicates: number }).duplicates++;
  }

  get levels(): Readonly<Record<string, number>> {
    return this.fold((marks) =>
      (marks & MARK.noLevel) !== 0 ? "" : (LEVELS[(marks >> MARK.levelShift) & 3] as string),
    );
  }

  get stages(): Readonly<Record<string, number>> {
    return this.fold((marks) => ((marks & MARK.noStage) !== 0 ? "" : (STAGES[marks & MARK.stage] as string)));
  }

  private fold(name: (marks: number) => string): Record<string, number> {
    const counts: Record<string, number> = {};
    this.byMarks.forEach((events, marks) => {
      if (events > 0) counts[name(marks)] = (counts[name(marks)] ?? 0) + events;
    });
    return counts;
  }
}
