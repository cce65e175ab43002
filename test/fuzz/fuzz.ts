import { deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { unpack } from "../../src/bytes/unpack.ts";
import { SNIFF_BYTES } from "../../src/formats/contract.ts";
import { eventsIn } from "../../src/formats/reading/open-reader.ts";
import { formats } from "../../src/formats/registry.ts";
import { sniff } from "../../src/formats/sniffing/sniff.ts";
import { readAll } from "../formats/collect.ts";
import { randomFrom } from "../ingest/mutations.ts";
import { ENVELOPES } from "../support/envelopes.ts";

type Random = (below: number) => number;

/** Milliseconds of a processor that no case may take. */
const SLOW_MS = 5_000;

const TOKENS = [
  '{"',
  '"}',
  "[",
  "]",
  "{",
  "}",
  ",",
  '"',
  "\\",
  "\\u0000",
  "\n",
  "\r\n",
  "\0",
  "\ufeff",
  "\t",
  "---\n",
  "- ",
  '"items":[',
  '"kind":"EventList"',
  '"auditID":"x"',
  '"stage":"y"',
  '"records":[',
  '"message":"',
  "<134>1 ",
  "999 ",
  "2026-11-20T14:02:11Z stdout P ",
  "\x1e",
  "\x1f\x8b\x08",
  "\x28\xb5\x2f\xfd",
  "&a *a ",
  "é",
  "\ud800",
];

function pick<T>(random: Random, values: readonly T[]): T {
  return values[random(values.length)] as T;
}

/** One thing wrong with an input. */
const DAMAGES: readonly ((input: Buffer, random: Random, others: readonly Buffer[]) => Buffer)[] = [
  (input, random) => input.subarray(0, random(input.length + 1)),
  (input, random) => input.subarray(random(input.length + 1)),
  (input, random) => {
    const output = Buffer.from(input);
    for (let count = 1 + random(8); count > 0 && output.length > 0; count -= 1)
      output[random(output.length)] = random(256);
    return output;
  },
  (input, random) => spliced(input, random, Buffer.from(pick(random, TOKENS))),
  (input, random) =>
    spliced(input, random, Buffer.from(pick(random, ["[", "{", '{"a":', "[[", '"']).repeat(1 + random(20_000)))),
  (input, random) => spliced(input, random, Buffer.alloc(random(70_000), pick(random, [0, 0x20, 0x0a, 0x41]))),
  (input, random, others) => spliced(input, random, pieceOf(pick(random, others), random)),
  (input, random) => spliced(input, random, pieceOf(input, random)),
  (input, random) => {
    const at = random(input.length + 1);
    return Buffer.concat([input.subarray(0, at), input.subarray(Math.min(input.length, at + random(200)))]);
  },
];

function pieceOf(input: Buffer, random: Random): Buffer {
  const from = random(input.length + 1);
  return input.subarray(from, from + random(4_000));
}

function spliced(input: Buffer, random: Random, piece: Buffer): Buffer {
  const at = random(input.length + 1);
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at)]);
}

/** Inputs to begin from: the formats' own samples, and a few lines in every envelope. */
export function seeds(lines: readonly string[]): readonly Buffer[] {
  return [
    ...formats.flatMap(({ samples }) => samples().map(({ text }) => Buffer.from(text))),
    ...ENVELOPES.map(({ wrap }) => Buffer.from(wrap(lines))),
  ];
}

export interface Fuzzed {
  readonly cases: number;
  readonly events: number;
  /** What went wrong, with what makes the case again. */
  readonly failures: readonly string[];
}

/** Runs cases `from`… until `isDone`; each is made by its number alone. */
export async function fuzz(
  starts: readonly Buffer[],
  from: number,
  isDone: (cases: number) => boolean,
): Promise<Fuzzed> {
  const failures: string[] = [];
  let events = 0;
  let cases = 0;
  for (; !isDone(cases) && failures.length < 20; cases += 1) {
    const number = from + cases;
    const before = process.cpuUsage();
    try {
      events += await one(starts, number);
    } catch (error) {
      failures.push(`case ${number}: ${error instanceof Error ? error.message.slice(0, 400) : String(error)}`);
    }
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1_000;
    if (tookMs > SLOW_MS) failures.push(`case ${number}: took ${Math.round(tookMs)} ms`);
  }
  return { cases, events, failures };
}

export function caseOf(starts: readonly Buffer[], number: number): { input: Buffer; random: Random } {
  const random = randomFrom(Math.imul(number, 2_654_435_761));
  let input = pick(random, starts);
  for (let count = random(5); count > 0; count -= 1) input = pick(random, DAMAGES)(input, random, starts);
  return { input, random };
}

/** Returns how many events were read; throws what a reader must never do. */
async function one(starts: readonly Buffer[], number: number): Promise<number> {
  const { input, random } = caseOf(starts, number);
  if (random(8) === 0) await unpacks(input, random);
  sniff(input.subarray(0, SNIFF_BYTES), input.length <= SNIFF_BYTES);
  const format = random(4) === 0 ? pick(random, formats).id : "";
  const whole = readAll(format, input);
  const sizes = Array.from({ length: 1 + random(20) }, () => 1 + random(2_000));
  const inPieces = readAll(format, input, [...sizes, 4_096]);
  if (JSON.stringify(inPieces) !== JSON.stringify(whole))
    throw new Error(`read in pieces it is another: ${sizes.join(" ")}`);
  for (const { offset, bytes } of [...whole.records, ...whole.rejects]) {
    if (offset < 0 || bytes < 0 || offset + bytes > input.length)
      throw new Error(`a record lies outside: ${offset}+${bytes}`);
  }
  const some = whole.records[random(whole.records.length || 1)];
  if (some !== undefined) {
    const { offset, bytes, context, text } = some;
    if (!eventsIn(input.subarray(offset, offset + bytes), offset, context).some((event) => String(event) === text)) {
      throw new Error(`the event at ${offset}+${bytes} is not found again`);
    }
  }
  return whole.records.length;
}

/** Packed, then damaged: what comes out is a beginning of what went in, or nothing is said against it being all. */
async function unpacks(input: Buffer, random: Random): Promise<void> {
  const packed = pick(random, [gzipSync, zstdCompressSync, deflateSync])(input);
  const damaged = pick(random, DAMAGES)(packed, random, [input]);
  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    for (let at = 0; at < damaged.length;) {
      const size = 1 + random(5_000);
      yield damaged.subarray(at, at + size);
      at += size;
    }
  }
  const { stream } = await unpack(chunks(), { onFault: () => undefined });
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  // Deflate's own bound is 1,032.
  if (bytes > 2_000 * damaged.length + 1_000_000) throw new Error(`${bytes} bytes out of ${damaged.length}`);
}
