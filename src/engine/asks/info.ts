import { isoTime } from "../../events/time.ts";
import type { Asks } from "../contract.ts";
import { clockNotes } from "../../lineage/clocks.ts";
import type { Desk } from "./desk.ts";

export async function answerInfo(
  desk: Desk,
  _ask: Asks["info"]["ask"],
  signal: AbortSignal,
): Promise<Asks["info"]["answer"]> {
  const { store, book, clocks } = desk;
  const { distinct, overflowed } = await store.summary(signal);
  const continuity = await desk.restarts.report(signal);
  const { events, requests, inFlight, cutOff, levels, stages, fromUs, toUs } = store.extent;
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
    events,
    requests,
    inFlight,
    cutOff,
    ...(overflowed === null ? {} : { overflowed }),
    span: { from: isoTime(fromUs), to: isoTime(toUs), seconds: Number.isNaN(fromUs) ? 0 : (toUs - fromUs) / 1e6 },
    levels,
    stages,
    distinct,
    ...(book.untold.length === 0 ? {} : { untold: book.untold }),
    clocks: clockNotes(clocks.skews()),
    ...continuity,
  };
}
