import type { Origin, RejectKind } from "../../ingest/contract.ts";
import type { Facts, Framing } from "../contract.ts";

/** What is known of a record before it is looked into. */
export interface Around extends Origin {
  readonly facts: Facts;
}

export const NO_FACTS: Facts = {};
/** A record that is a line by itself. */
export const BARE: Around = { format: "", apiserver: "", context: "", facts: NO_FACTS };

/** A record over several lines, or one of several in a line. */
export const DOCUMENTS: Around = { ...BARE, format: "documents" };

/** Takes what a reader cuts out of an input, and finds the events in it. */
export interface Opener {
  /**
   * JSON in buffer[start, end), located by `offset` and `bytes`; these are those of the enclosing record where it was put
   * together or unescaped. With `mayGoOn` false is the answer for JSON that ends early: nothing was counted then.
   */
  record(
    buffer: Uint8Array,
    start: number,
    end: number,
    offset: number,
    bytes: number,
    around: Around,
    mayGoOn?: boolean,
  ): boolean;
  reject(kind: RejectKind, offset: number, bytes: number, reason: string, sample: string, format?: string): void;
}

/** Origin.context of records that can't be read again without knowing how they were cut out, and under which header. */
export function contextText(framing: Framing, header = ""): string {
  return `${framing}\n${header}`;
}

export function contextOf(context: string): { readonly framing: Framing | null; readonly header: string } {
  const at = context.indexOf("\n");
  return at < 0
    ? { framing: null, header: "" }
    : { framing: context.slice(0, at) as Framing, header: context.slice(at + 1) };
}
