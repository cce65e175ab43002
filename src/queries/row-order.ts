import type { RequestBlock, RequestIndex } from "../index/contract.ts";
import type { RowOrder } from "./contract.ts";
import { orderByNumber } from "./number-order.ts";
import type { Extendable } from "./reach.ts";
import type { DimensionCodes } from "./tuple-codes.ts";

/** Texts kept while rows are compared. */
const TEXTS_KEPT = 8_192;

/**
 * A total order of rows: by one value, rows without it last whichever way round, equal ones by time received and then as
 * they came. Rows of one block are sorted at once; rows of several are compared one by one.
 */
export interface RowComparison {
  /** What has to cover the tuples of rows before these are compared. */
  readonly extendables: readonly Extendable[];
  /** rows[0, n) of the block in this order; given in the order they came. */
  sorted(block: RequestBlock, rows: Uint32Array): Uint32Array;
  /** Below zero: row `a` of one block comes before row `b` of the other. */
  compare(blockA: RequestBlock, a: number, blockB: RequestBlock, b: number): number;
}

export function rowComparison(
  index: RequestIndex,
  order: RowOrder,
  isReversed: boolean,
  codesOf: (dimension: Exclude<RowOrder, "received" | "latency" | "bytes">) => DimensionCodes,
): RowComparison {
  const sign = isReversed ? -1 : 1;
  if (order === "received") return new ByNumber((block, row) => sign * block.receivedUs(row));
  if (order === "latency") return new ByNumber((block, row) => sign * latencyUs(index, block, row));
  if (order === "bytes") return new ByNumber((block, row) => sign * block.bytes(row));
  if (order === "code") {
    const { code } = index.outcomes;
    return new ByNumber((block, row) => sign * (code[block.outcome[row] as number] || Number.NaN));
  }
  return new ByText(index, codesOf(order), sign);
}

/** NaN for what has not ended. */
function latencyUs(index: RequestIndex, block: RequestBlock, row: number): number {
  if (!index.hasEnded(block.actor[row] as number, block.outcome[row] as number)) return Number.NaN;
  const us = block.latencyUs(row);
  return us < 0 ? Number.NaN : us;
}

class ByNumber implements RowComparison {
  readonly extendables = [];
  /** Whole numbers; NaN: none. */
  private readonly value: (block: RequestBlock, row: number) => number;

  constructor(value: (block: RequestBlock, row: number) => number) {
    this.value = value;
  }

  sorted(block: RequestBlock, rows: Uint32Array): Uint32Array {
    const inTime = byTime(block, rows);
    const values = Float64Array.from(inTime, (row) => this.value(block, row));
    return taken(inTime, orderByNumber(values));
  }

  compare(blockA: RequestBlock, a: number, blockB: RequestBlock, b: number): number {
    return compareNumbers(this.value(blockA, a), this.value(blockB, b)) || compareTimes(blockA, a, blockB, b);
  }
}

class ByText implements RowComparison {
  readonly extendables: readonly Extendable[];
  private readonly index: RequestIndex;
  private readonly codes: DimensionCodes;
  private readonly sign: number;
  private readonly texts = new Map<number, string>();

  constructor(index: RequestIndex, codes: DimensionCodes, sign: number) {
    this.index = index;
    this.codes = codes;
    this.extendables = [codes];
    this.sign = sign;
  }

  sorted(block: RequestBlock, rows: Uint32Array): Uint32Array {
    const inTime = byTime(block, rows);
    const codes = Array.from(inTime, (row) => this.codeOf(block, row));
    const distinct = [...new Set(codes)].filter((code) => this.text(code) !== "");
    distinct.sort((a, b) => this.sign * compareTexts(this.text(a), this.text(b)));
    const ranks = new Map(distinct.map((code, rank) => [code, rank]));
    return taken(inTime, orderByNumber(Float64Array.from(codes, (code) => ranks.get(code) ?? Number.NaN)));
  }

  compare(blockA: RequestBlock, a: number, blockB: RequestBlock, b: number): number {
    const [codeA, codeB] = [this.codeOf(blockA, a), this.codeOf(blockB, b)];
    return (codeA === codeB ? 0 : this.compareCodes(codeA, codeB)) || compareTimes(blockA, a, blockB, b);
  }

  private compareCodes(a: number, b: number): number {
    const [textA, textB] = [this.text(a), this.text(b)];
    if (textA === "" || textB === "") return Number(textA === "") - Number(textB === "");
    return this.sign * compareTexts(textA, textB);
  }

  private codeOf(block: RequestBlock, row: number): number {
    const { table, codes } = this.codes;
    return codes[table === "source" ? block.source(row) : (block[table][row] as number)] ?? 0;
  }

  private text(code: number): string {
    let text = this.texts.get(code);
    if (text === undefined) {
      if (this.texts.size >= TEXTS_KEPT) this.texts.clear();
      text = this.codes.text(this.index, code);
      this.texts.set(code, text);
    }
    return text;
  }
}

function byTime(block: RequestBlock, rows: Uint32Array): Uint32Array {
  return taken(rows, orderByNumber(Float64Array.from(rows, (row) => block.receivedUs(row))));
}

function taken(rows: Uint32Array, order: Uint32Array): Uint32Array {
  return order.map((at) => rows[at] as number);
}

function compareTimes(blockA: RequestBlock, a: number, blockB: RequestBlock, b: number): number {
  return compareNumbers(blockA.receivedUs(a), blockB.receivedUs(b)) || blockA.firstSeq + a - (blockB.firstSeq + b);
}

/** NaN comes last. */
function compareNumbers(a: number, b: number): number {
  if (a !== a || b !== b) return Number(a !== a) - Number(b !== b);
  return a - b;
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
