import { CLOSE_BRACE, CLOSE_BRACKET, COLON, COMMA, OPEN_BRACE, OPEN_BRACKET } from "./structure-bytes.ts";

/** Deeper than any Kubernetes object: below, brackets are counted, not matched. */
const MATCHED_DEPTH = 4096;

/** The brackets that are open at each depth, and what may stand inside of them. */
export class Nesting {
  /** Opening bytes; those of deeper levels are not known. */
  private readonly types = new Uint8Array(MATCHED_DEPTH + 1);

  open(depth: number, bracket: number): void {
    if (depth <= MATCHED_DEPTH) this.types[depth] = bracket;
  }

  isObject(depth: number): boolean {
    return depth <= MATCHED_DEPTH && this.types[depth] === OPEN_BRACE;
  }

  isClosedBy(depth: number, bracket: number): boolean {
    if (depth > MATCHED_DEPTH) return true;
    return bracket === (this.types[depth] === OPEN_BRACE ? CLOSE_BRACE : CLOSE_BRACKET);
  }

  /** Whether a value can stand at this depth behind the byte `last`. */
  takesValue(depth: number, last: number): boolean {
    if (this.isObject(depth)) return last === COLON;
    return last === COMMA || last === OPEN_BRACKET || (depth > MATCHED_DEPTH && last === COLON);
  }
}
