import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SNIFF_BYTES } from "../../src/formats/contract.ts";
import { openReader } from "../../src/formats/reading/open-reader.ts";
import { formats } from "../../src/formats/registry.ts";
import { sniff } from "../../src/formats/sniffing/sniff.ts";
import { tryReading } from "../../src/formats/sniffing/trial.ts";
import { V1_CREATE, V1_LIST, pretty } from "../../src/formats/shape/sample-events.ts";
import { collector } from "./collect.ts";

const LONG = V1_CREATE.replace('"prices"}', `"prices","x":"${"y".repeat(400_000)}"}`);
const KUBE_EVENT = '{"kind":"Event","apiVersion":"v1","metadata":{"name":"web.1"},"reason":"Killing"}';

describe("sniff", () => {
  it.each([
    ["looks like CSV", 'time,user,verb\n1,"a,b",get\n2,c,list\n'],
    ["looks like YAML", "kind: Event\napiVersion: audit.k8s.io/v1\nlevel: Metadata\nuser:\n  username: ada\n"],
    ["looks like plain text", "Dear diary,\ntoday I deleted a namespace.\n"],
    ["looks like a program's log", "I1120 14:02:11.123456       1 main.go:1] hello\nI1120 14:02:12.1 1 main.go:2] x\n"],
    ["looks like HTML or XML", "<!DOCTYPE html><html></html>"],
    ["looks like JSON (a core/v1 Event)", `${KUBE_EVENT}\n${KUBE_EVENT}\n`],
    ["looks like JSON (a core/v1 Event)", `{"kind":"EventList","apiVersion":"v1","items":[${KUBE_EVENT}]}`],
    ["looks like JSON (a core/v1 Event)", pretty(KUBE_EVENT)],
    ["looks like JSON (a Google Cloud audit entry of x)", '[{"protoPayload":{"serviceName":"x"}}]'],
    ["looks like JSON (an audit event without auditID)", '{"kind":"Event","apiVersion":"audit.k8s.io/v1"}\n'],
  ])("refuses what %s", (looks, text) => {
    expect(sniff(Buffer.from(text), true)).toEqual({
      kind: "refused",
      reason: expect.stringMatching(
        new RegExp(`^${looks.replaceAll(/[()/]/g, "\\$&")}.*, not a Kubernetes audit log$`),
      ),
    });
  });

  it("refuses bytes that are no text", () => {
    const random = Buffer.from(Array.from({ length: 3000 }, (_, i) => (i * 197 + (i >> 3) * 31) % 256));
    expect(sniff(random, false)).toMatchObject({
      kind: "refused",
      reason: "looks like binary data, not a Kubernetes audit log",
    });
    expect(sniff(Buffer.from("7z\xbc\xaf", "latin1"), true)).toMatchObject({
      reason: "is a 7z archive: unpack it first",
    });
  });

  it("names where events lie that it can not reach", () => {
    const deep = (levels: number): Buffer =>
      Buffer.from(`${'{"a":'.repeat(levels)}${JSON.stringify({ cells: [V1_LIST] })}${"}".repeat(levels)}`);
    expect(sniff(deep(3), true)).toEqual({ kind: "format", format: "nested" });
    expect(sniff(deep(9), true)).toMatchObject({ kind: "refused", reason: expect.stringContaining("a.a.cells[]") });
  });

  it("reads no more of a log than tells its format, and what is mixed to its end", () => {
    const wrapped = `{"log":${JSON.stringify(`${V1_CREATE}\n`)},"stream":"stdout"}\n`;
    const pieces = (text: string): number => Math.ceil((16 * 1024) / text.length);
    const log = (...parts: readonly (readonly [string, number])[]): Buffer =>
      Buffer.from(parts.map(([text, times]) => text.repeat(times)).join(""));
    const plain = `${V1_CREATE}\n`;
    const told = tryReading(log([plain, 10 * pieces(plain)]), true);
    expect(told.formats).toEqual([""]);
    expect(told.events).toBeLessThan(2 * pieces(plain));
    const few = log([wrapped, 3], [plain, 10 * pieces(plain)]);
    expect(sniff(few, true)).toEqual({ kind: "format", format: "jsonl" });
    expect(tryReading(few, true).events).toBe(3 + 10 * pieces(plain));
    const withOther = log(["Dear diary,\n", 1], [plain, 10 * pieces(plain)]);
    expect(tryReading(withOther, true)).toMatchObject({ events: 10 * pieces(plain), rejects: { bad: 1 } });
  });

  it("knows nothing from something", () => {
    for (const text of ["", "\n\n", "\ufeff", "\0\0\0\0"])
      expect(sniff(Buffer.from(text), true)).toEqual({ kind: "empty" });
    expect(sniff(Buffer.from("some text\n"), false)).toEqual({ kind: "need-more" });
    expect(sniff(Buffer.from('{"ki'), false)).toEqual({ kind: "need-more" });
  });

  it.each([
    ["jsonl", LONG],
    ["eventlist", `{"kind":"EventList","items":[${LONG}`],
    ["eventlist", `{"items":[${LONG}`],
    ["array", `[${LONG}`],
    ["documents", pretty(LONG)],
  ])("recognises %s by a head in which no record ends", (format, text) => {
    expect(sniff(Buffer.from(text.slice(0, 3000)), false)).toMatchObject({ kind: "format", format });
  });

  it.each([
    ["behind a prefix", `cp1 ${LONG}`],
    ["wrapped", `{"category":"kube-audit","properties":{"log":${JSON.stringify(LONG)}`],
  ])("goes on with a record larger than a head: %s", (_name, text) => {
    const large = text.replace("yyy", "y".repeat(SNIFF_BYTES));
    expect(sniff(Buffer.from(large.slice(0, SNIFF_BYTES)), false)).toEqual({ kind: "maybe", looks: null });
    expect(sniff(Buffer.from(large.slice(0, 3000)), false)).toEqual({ kind: "need-more" });
  });

  it("recognises a log whose only event is cut short", () => {
    expect(sniff(Buffer.from(V1_LIST.slice(0, 200)), true)).toMatchObject({ kind: "format", format: "jsonl" });
  });

  it("sees past foreign and broken lines in front", () => {
    const text = `rest of a cut line"}}\n${KUBE_EVENT}\n${V1_LIST}\n${V1_CREATE}\n`;
    expect(sniff(Buffer.from(text), true)).toMatchObject({ kind: "format", format: "jsonl" });
  });
});

describe("sniff of anything", () => {
  const samples = formats.flatMap((format) => format.samples().map(({ text }) => Buffer.from(text)));

  it("answers, never throws, and asks for more only while there may be more", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 20 }),
        fc.nat(),
        fc.boolean(),
        (sample, changes, cut, isWhole) => {
          const bytes = Buffer.from(sample.subarray(0, 1 + (cut % sample.length)));
          for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
          const found = sniff(bytes, isWhole);
          if (isWhole) expect(found.kind).not.toBe("need-more");
          if (found.kind === "refused")
            expect(found.reason).toMatch(/^(?:looks|is|holds) [^\x00-\x1f\x7f-\x9f]{3,200}$/);
        },
      ),
      { seed: 13, numRuns: 400 },
    );
  });

  it("is not slowed down by keys and lines made to be slow", () => {
    const path = "[]".repeat(50_000);
    const keys = `{"${path}\\n":${JSON.stringify({ [`items${path}`]: V1_LIST })}}`;
    const quotes = `${'"'.repeat(100_001)},a,b\n`.repeat(5);
    const braces = `x ${'{"'.repeat(300_000)}\n`;
    const kinds = [keys, quotes, braces].map((text) => sniff(Buffer.from(text), true).kind);
    expect(kinds).toEqual(["format", "refused", "refused"]);
  });
});

describe("openReader", () => {
  it("names the formats when asked for an unknown one", () => {
    expect(() => openReader("csv", collector(), 0)).toThrow(/unknown format "csv"; known: auto, jsonl/);
  });
});
