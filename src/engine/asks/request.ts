import { STAGES } from "../../events/vocabulary.ts";
import { extractAuditID, factsOf } from "../../index/facts.ts";
import { Overflow } from "../../index/overflow.ts";
import { wholeFacts } from "../../queries/whole-facts.ts";
import type { Asks } from "../contract.ts";
import type { RowPlace } from "../raw-events.ts";
import type { Desk } from "./desk.ts";

export async function answerRequest(desk: Desk, { seq }: Asks["request"]["ask"]): Promise<Asks["request"]["answer"]> {
  const place = desk.ring.locate(seq);
  if (place === null) return null;
  const facts = factsOf(desk.ring, place.block, place.row);
  const seen = place.block.stagesSeen(place.row);
  // One of unknown stage counts as the end, but nobody saw that.
  const stagesSeen = STAGES.filter(
    (stage, position) => (seen & (1 << position)) !== 0 && !(facts.stage === "" && stage === "ResponseComplete"),
  );
  const log = desk.book.fingerprint(place.block.source(place.row));
  const event = await desk.events.read(place);
  if ("missing" in event) return { facts, raw: null, rawMissing: event.missing, stagesSeen, log };
  const { bytes } = event;
  const isPart = desk.ring.isOverflowing && new Overflow(desk.ring).has(place.block, place.row);
  const whole = isPart ? wholeFacts(facts, bytes) : facts;
  return {
    facts: { ...whole, auditID: extractAuditID(bytes, 0, bytes.length) },
    raw: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"),
    rawMissing: null,
    stagesSeen,
    log,
  };
}

export async function answerOriginals(
  desk: Desk,
  { seqs }: Asks["originals"]["ask"],
  signal: AbortSignal,
): Promise<Asks["originals"]["answer"]> {
  const answer: Asks["originals"]["answer"][number][] = seqs.map(() => ({ missing: "evicted" }));
  const places: RowPlace[] = [];
  const positions: number[] = [];
  seqs.forEach((seq, position) => {
    const place = desk.ring.locate(seq);
    if (place === null) return;
    places.push(place);
    positions.push(position);
  });
  for await (const { index, event } of desk.events.readMany(places, signal)) answer[positions[index] as number] = event;
  return answer;
}
