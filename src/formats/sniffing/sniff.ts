import { SNIFF_BYTES, type Sniff } from "../contract.ts";
import { Head } from "./head.ts";
import { byteRefusal, contentRefusal } from "./refusal.ts";

/**
 * Recognises the format of an input by its (decompressed) head. `isWholeInput` says that nothing follows; while an
 * input may still grow, too little of it answers `empty` or `need-more`.
 */
export function sniff(bytes: Uint8Array, isWholeInput: boolean): Sniff {
  const head = new Head(bytes, isWholeInput);
  if (head.firstByte < 0) return { kind: "empty" };
  const reason = byteRefusal(head.bytes);
  if (reason !== null) return { kind: "refused", reason };
  const { trial } = head;
  const [format] = trial.formats;
  if (format !== undefined) return { kind: "format", format: format === "" ? "jsonl" : format };
  const begun = begunFormat(head);
  if (begun !== null) return { kind: "format", format: begun };
  if (isWholeInput) return { kind: "refused", reason: contentRefusal(head) };
  if (bytes.length < SNIFF_BYTES) return { kind: "need-more" };
  // One record that is longer than what is looked at.
  if (trial.consumed < head.bytes.length / 2) return { kind: "maybe", looks: null };
  const mayCarry = trial.carriers.length > 0 || trial.rejects.foreign > trial.rejects.bad;
  const looks = contentRefusal(head);
  return mayCarry ? { kind: "maybe", looks } : { kind: "refused", reason: looks };
}

/** The format of a head that is cut inside its first event; null when none begins there. */
function begunFormat({ isJson, outline, hasWholeLine, trial }: Head): string | null {
  if (!isJson || trial.rejects.bad > 0) return null;
  const { eventPath, isEventText, first } = outline;
  if (eventPath === null || isEventText) return null;
  if (eventPath === "") return hasWholeLine ? "documents" : "jsonl";
  if (/^(?:\[\])+(?:\.items(?:\[\])+)*$/.test(eventPath)) return "array";
  if (!/^(?:items(?:\[\])+\.?)+$/.test(eventPath)) return null;
  return first.get("kind") === "List" ? "list" : "eventlist";
}
