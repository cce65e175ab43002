import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completionPlace, completionsAt, corrected } from "../../src/queries/complete-filter.ts";
import { parseFilter, parseQuery } from "../../src/queries/parse-filter.ts";
import { runs } from "../support/runs.ts";

/** The text with its cursor, written `|`. */
function place(marked: string) {
  const cursor = marked.indexOf("|");
  return completionPlace(marked.replace("|", ""), cursor);
}

function completed(marked: string, values: readonly (readonly [string, number])[] = []): readonly string[] {
  const at = place(marked);
  if (at === null) return [];
  const text = marked.replace("|", "");
  const found = completionsAt(
    at,
    values.map(([value, requests]) => ({ value, requests })),
  );
  return found.map((completion) => text.slice(0, at.from) + completion.text + text.slice(at.to));
}

const USERS = [
  ["system:node:a", 900],
  ["alice@example.com", 20],
  ["malice", 50],
  ["a b", 3],
] as const;

describe("where the cursor stands", () => {
  test.each<[string, object | null]>([
    ["|", { kind: "word", from: 0, to: 0, typed: "" }],
    ["us|", { kind: "word", from: 0, to: 2, typed: "us" }],
    ["verb:get -us|er", { kind: "word", from: 10, to: 14, typed: "us", rest: parseQuery("verb:get") }],
    ["(verb:get OR n|", { kind: "word", from: 13, to: 14, typed: "n" }],
    ["user:|", { kind: "value", from: 5, to: 5, typed: "" }],
    ["user:al|ice ns:x", { kind: "value", from: 5, to: 10, typed: "al", rest: parseQuery("ns:x") }],
    ["user:bob,al|,c", { kind: "value", from: 9, to: 11, typed: "al" }],
    ['user:"a |', { kind: "value", from: 5, to: 8, typed: "a " }],
    ["user!=al|", { kind: "value", from: 6, to: 8, typed: "al" }],
    ["code>=4|", { kind: "value", from: 6, to: 7, typed: "4", operator: ">=" }],
    ["annotation:auth|=x", { kind: "key", from: 11, to: 15, typed: "auth" }],
    ["annotation:a.b/c=x|", { kind: "value", key: "a.b/c", from: 17, to: 18, typed: "x" }],
    ['body:metadata.labels["a=b"]=x|', { kind: "value", key: 'metadata.labels["a=b"]', typed: "x" }],
    ["name:/ab|", null],
    ["nosuch:a|", null],
  ])("%s", (marked, expected) => {
    const found = place(marked);
    if (expected === null) expect(found).toBeNull();
    else expect(found).toMatchObject(expected);
  });
});

describe("what fits", () => {
  test.each<[string, readonly (readonly [string, number])[], readonly string[]]>([
    ["na|", [], ["name:", "namespace:"]],
    ["-verb:get us|", [], ["-verb:get user:", "-verb:get useragent:"]],
    ["user:ali|", USERS, ["user:alice@example.com", "user:malice"]],
    ["user:A|", USERS, ["user:alice@example.com", 'user:"a b"', "user:system:node:a", "user:malice"]],
    ["user:|", USERS, ["user:system:node:a", "user:malice", "user:alice@example.com", 'user:"a b"']],
    ["user:alcie|", USERS, ["user:alice@example.com", "user:malice"]],
    [
      "code:4|",
      [
        ["404", 3],
        ["403", 9],
      ],
      ["code:403", "code:404", "code:4xx"],
    ],
    ["verb:wr|", [], ["verb:write"]],
    ["verb:get,li|", [["list", 5]], ["verb:get,list"]],
    ["annotation:dec|", [["authorization.k8s.io/decision", 9]], ["annotation:authorization.k8s.io/decision"]],
    ["annotation:a*|", [["a*b", 9]], ['annotation:"a*b"']],
    ["annotation:k=f|", [["forbid", 9]], ["annotation:k=forbid"]],
    ["body:spec.rep|", [], ["body:spec.replicas"]],
    ["body:spec.rep|>3", [], ["body:spec.replicas>3"]],
    ["verb:get O|", [], ["verb:get object:", "verb:get OR"]],
  ])("%s", (marked, values, expected) => {
    expect(completed(marked, values).slice(0, expected.length)).toEqual(expected);
  });

  test("what is completed parses, whatever the log's values are and wherever the cursor stands", () => {
    const value = fc.oneof(
      fc.string({ minLength: 1 }),
      fc.constantFrom('a"b', "a,b", "(x)", "a*", "/x/", "!a", ">3", "1..2", "ä ö", "\\"),
    );
    const texts = fc.constantFrom(
      "user:|",
      "ns:a user:x| OR verb:get",
      "-(ns:a name:|)",
      "verb:get,| ns:b",
      'ua:"x|',
      "annotation:k=| code>=400",
      "annotation:| ns:x",
      "object:|",
      "resource:|",
      "input:x,|",
    );
    fc.assert(
      fc.property(texts, fc.array(value, { minLength: 1, maxLength: 5 }), (marked, values) => {
        for (const text of completed(
          marked,
          values.map((each) => [each, 1] as const),
        )) {
          expect({ text, ok: parseFilter(text).ok }).toEqual({ text, ok: true });
        }
      }),
      { numRuns: runs(1_000), seed: 4 },
    );
  });

  test("any place in any text lies in it, around the cursor", () => {
    const pieces = fc.constantFrom(...'ab:,"\\()-!=<>/ ', "user:", "annotation:", "body:", " OR ");
    fc.assert(
      fc.property(
        fc.array(pieces).map((parts) => parts.join("")),
        fc.nat(40),
        (text, at) => {
          const cursor = Math.min(at, text.length);
          const found = completionPlace(text, cursor);
          if (found === null) return;
          expect(found.from).toBeGreaterThanOrEqual(0);
          expect(found.from).toBeLessThanOrEqual(cursor);
          expect(found.to).toBeGreaterThanOrEqual(cursor);
          expect(found.to).toBeLessThanOrEqual(text.length);
        },
      ),
      { numRuns: runs(3_000), seed: 5 },
    );
  });
});

describe("a mistake's suggestion is taken", () => {
  test.each([
    ["cod:403 ns:x", "code:403 ns:x"],
    ["ns:x cod>=400", "ns:x code>=400"],
    ["verb:dlete,get", "verb:delete,get"],
    ["latency:5", "latency:>5"],
    ["(verb:get", "(verb:get)"],
    ['user:"a', 'user:"a"'],
    ["kubectl or curl", "kubectl OR curl"],
    ["verb:get || ns:a", "verb:get OR ns:a"],
    ["level:meta", "level:Metadata"],
  ])("%s becomes %s", (text, expected) => {
    const parsed = parseFilter(text);
    expect(parsed.ok ? null : corrected(text, parsed)).toBe(expected);
    expect(parseFilter(expected).ok).toBe(true);
  });

  test("there is none where nothing is near", () => {
    const parsed = parseFilter("zzzzz:1");
    expect(parsed.ok ? "" : corrected("zzzzz:1", parsed)).toBeNull();
  });
});
