import { KtrailError } from "../errors.ts";
import type { RecordReader, RecordSink } from "../ingest/contract.ts";
import { array } from "./array/index.ts";
import { azure } from "./azure/index.ts";
import { SNIFF_BYTES, type FormatDefinition, type Sniff } from "./contract.ts";
import { documents } from "./documents/index.ts";
import { eventlist } from "./eventlist/index.ts";
import { Head } from "./head.ts";
import { jsonl } from "./jsonl/index.ts";
import { prefixed } from "./prefixed/index.ts";
import { byteRefusal, contentRefusal } from "./refusal.ts";
import { shipper } from "./shipper/index.ts";

export { SNIFF_BYTES };

/** All input formats. The order breaks ties between detections. */
export const formats: readonly FormatDefinition[] = [jsonl, eventlist, array, documents, prefixed, azure, shipper];

/**
 * Recognises the format of an input by its (decompressed) head. `isWholeInput` says that nothing follows; while an
 * input may still grow, too little of it answers `empty` or `need-more`.
 */
export function sniff(bytes: Uint8Array, isWholeInput: boolean): Sniff {
  const head = new Head(bytes, isWholeInput);
  if (head.firstByte < 0) return { kind: "empty" };
  const reason = byteRefusal(head.bytes);
  if (reason !== null) return { kind: "refused", reason };

  let best: Extract<Sniff, { kind: "format" }> | null = null;
  for (const { id, detect } of formats) {
    const detection = detect(head);
    if (detection === null || (best !== null && best.confidence >= detection.confidence)) continue;
    best = { kind: "format", format: id, why: detection.why, confidence: detection.confidence };
  }
  if (best !== null) return best;
  if (!isWholeInput && bytes.length < SNIFF_BYTES) return { kind: "need-more" };
  return { kind: "refused", reason: contentRefusal(head) };
}

/** A reader for an input of this format, from absolute (decompressed) offset `baseOffset` on. Unknown id: KT100. */
export function openReader(formatId: string, sink: RecordSink, baseOffset: number): RecordReader {
  const format = formats.find(({ id }) => id === formatId);
  if (format === undefined) {
    const known = formats.map(({ id }) => id).join(", ");
    throw new KtrailError("KT100", `unknown format "${formatId}"; known: auto, ${known}`);
  }
  return format.open(sink, baseOffset);
}
