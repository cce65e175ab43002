import { isoTime } from "../../events/time.ts";
import type { Asks } from "../contract.ts";
import { clockNotes } from "../../lineage/clocks.ts";
import { Overflow } from "../../index/overflow.ts";
import { distinctOf } from "../../queries/summary.ts";
import type { Desk } from "./desk.ts";
import { run } from "./queries.ts";

export async function answerInfo(
  desk: Desk,
  _ask: Asks["info"]["ask"],
  signal: AbortSignal,
): Promise<Asks["info"]["answer"]> {
  const { ring, book, clocks } = desk;
  const { counters } = ring;
  const object = await run(desk.directory.size(), signal);
  const continuity = await desk.restarts.report(signal);
  return {
    inputs: book.reports().map((report) => ({
      path: report.path,
      format: report.format,
      compression: report.compression,
      bytes: report.bytes,
      events: report.events,
      skipped: report.skipped,
      ...(Object.keys(report.formats).length === 0 ? {} : { formats: report.formats }),
      ...(report.error === null ? {} : { error: report.error }),
      ...(report.passedOver === null ? {} : { passedOver: report.passedOver }),
      ...(report.samples.length === 0 ? {} : { samples: report.samples }),
      ...(report.lost.length === 0 ? {} : { lost: report.lost }),
    })),
    events: counters.events,
    requests: ring.requestsSeen,
    inFlight: ring.inFlight,
    cutOff: ring.cutOff,
    ...(ring.isOverflowing ? { overflowed: new Overflow(ring).count() } : {}),
    span: {
      from: isoTime(counters.fromUs),
      to: isoTime(counters.toUs),
      seconds: Number.isNaN(counters.fromUs) ? 0 : (counters.toUs - counters.fromUs) / 1e6,
    },
    levels: counters.levels,
    stages: counters.stages,
    distinct: { ...distinctOf(ring), object },
    clocks: clockNotes(clocks.skews()),
    ...continuity,
  };
}
