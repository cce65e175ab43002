import type { Asks } from "../contract.ts";
import type { Desk } from "./desk.ts";

export async function answerRequest(
  { store, book }: Desk,
  { seq }: Asks["request"]["ask"],
): Promise<Asks["request"]["answer"]> {
  const found = await store.request(seq);
  if (found === null) return null;
  const { facts, event, stagesSeen, source } = found;
  const log = book.fingerprint(source);
  if ("missing" in event) return { facts, raw: null, rawMissing: event.missing, stagesSeen, log };
  const { bytes } = event;
  const raw = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8");
  return { facts, raw, rawMissing: null, stagesSeen, log };
}

export async function answerOriginals(
  { store }: Desk,
  { seqs }: Asks["originals"]["ask"],
  signal: AbortSignal,
): Promise<Asks["originals"]["answer"]> {
  const answer: Asks["originals"]["answer"][number][] = seqs.map(() => ({ missing: "evicted" }));
  for await (const { at, event } of store.originals(seqs, signal)) answer[at] = event;
  return answer;
}
