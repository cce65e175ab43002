import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addressKey, inBlock, parseAddress, parseBlock } from "../../src/queries/address.ts";
import { bodyValues, parseBodyPath } from "../../src/queries/body-path.ts";
import { splitTimes } from "../../src/queries/filter-times.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { matchesGlob } from "../../src/queries/glob.ts";
import { resourceWordTest } from "../../src/queries/resource-test.ts";
import { safeRegex } from "../../src/queries/safe-regex.ts";
import { parseDuration, resolveBound, resolveTime } from "../../src/queries/time-value.ts";
import { isoTime } from "../../src/events/time.ts";

describe("globs", () => {
  test("agree with the regex they stand for", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "-", "\n"), minLength: 1, maxLength: 12 });
    const glob = fc.string({ unit: fc.constantFrom("a", "b", "-", "*", "?"), maxLength: 8 });
    fc.assert(
      fc.property(glob, text, (pattern, value) => {
        const regex = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`, "s");
        expect(matchesGlob(pattern, value)).toBe(regex.test(value));
      }),
      { numRuns: 2_000, seed: 1 },
    );
  });

  test("match no absent value", () => {
    expect(matchesGlob("*", "")).toBe(false);
  });
});

describe("regexes", () => {
  test.each([
    ["a{2,4}b", "xaaab", true],
    ["^a{3}$", "aaaa", false],
    ["a{2,}$", "aaaaa", true],
    ["[ab]{0,1}c", "c", true],
    ["(?<name>x|y)z", "yz", true],
    ["a|b|", "", true],
    [String.raw`\d+\.\d{1,3}`, "10.25", true],
    ["x{", "x{", true],
    ["[^]x]", "ax]", true],
  ])("/%s/ on %s", (source, text, expected) => {
    expect(safeRegex(source, false)(text)).toBe(expected);
    expect(new RegExp(source).test(text)).toBe(expected);
  });

  test("/i agrees with the real flag", () => {
    const source = fc.array(
      fc.constantFrom("a", "B", "ß", "[a-f]", "[^C-]", "[A-z]", String.raw`\w`, ".", "x*", "(?:k|L)+", "1"),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(source, fc.string({ unit: fc.constantFrom(..."aAbBcCkKlLxXß1-_f"), maxLength: 8 }), (parts, text) => {
        expect(safeRegex(parts.join(""), true)(text)).toBe(new RegExp(parts.join(""), "i").test(text));
      }),
      { numRuns: 1_000, seed: 2 },
    );
  });

  test("those of a fixed length agree with RE2, which runs all others", () => {
    const source = fc.array(
      fc.constantFrom(
        "a",
        "-",
        "[a-f]",
        "[^a.]",
        "[0-9a-z]{5}",
        String.raw`\w{2}`,
        String.raw`\d`,
        String.raw`\.`,
        "/",
        "b{0}",
      ),
      { maxLength: 5 },
    );
    const text = fc.string({ unit: fc.constantFrom(..."ab-0./é😀\n\r"), maxLength: 12 });
    fc.assert(
      fc.property(fc.boolean(), source, fc.boolean(), text, (isBegun, parts, isEnded, value) => {
        const plain = `${isBegun ? "^" : ""}${parts.join("")}${isEnded ? "$" : ""}`;
        expect(safeRegex(plain, false)(value)).toBe(safeRegex(`(?:${plain})`, false)(value));
      }),
      { numRuns: 2_000, seed: 3 },
    );
  });

  test("patterns that backtrack for ever elsewhere end", () => {
    const repeated = [
      "(a?){300}a{300}b",
      "(?:a?){60}a{60}b",
      "[a-z]{1,100}[a-z]{1,100}[0-9]",
      "((a?){10}){30}[ab]{300}[cd]",
    ];
    for (const source of [
      "(a+)+$",
      "(a|aa)+$",
      "(a*)*b",
      "(.*a){12}$",
      "([a-zA-Z]+)*[0-9]",
      "(?:x+x+)+y",
      ...repeated,
    ]) {
      const test = safeRegex(source, source.length % 2 === 0);
      for (let round = 0; round < 10; round++) expect(test(`${"a".repeat(1_000)}${"x".repeat(900)}!`)).toBe(false);
    }
  });

  test("values are tested to their end", () => {
    expect(safeRegex("b$", false)(`${"a".repeat(100_000)}b`)).toBe(true);
  });

  test.each([
    ["(?=a)b", "look-around is not supported"],
    ["(?<!a)b", "look-around is not supported"],
    [String.raw`(a)\1`, "back-references are not supported"],
    [String.raw`(?<n>a)\k<n>`, "back-references are not supported"],
    ["((a{10}){10}){9}[a-z]{1000}", "too large with its repeats written out"],
    ["((a{100}){100}){100}", "at most 1,000 repeats in all: `{100}`"],
    ["(a", "missing closing ): `(a`"],
    ["[b-a]", "invalid character class range: `b-a`"],
  ])("/%s/ is refused: %s", (source, reason) => {
    expect(() => safeRegex(source, false)).toThrow(reason);
    expect(() => safeRegex(source, true)).toThrow(reason);
  });
});

describe("addresses", () => {
  test.each([
    ["10.2.0.0/16", "10.2.255.1", true],
    ["10.2.0.0/16", "10.3.0.1", false],
    ["10.2.3.4/0", "1.1.1.1", true],
    ["10.2.0.0/16", "::ffff:10.2.9.9", false],
    ["0.0.0.0/0", "::ffff:10.2.9.9", false],
    ["0.0.0.0/0", "255.1.2.3", true],
    ["::/0", "10.2.9.9", false],
    ["::/0", "::ffff:10.2.9.9", true],
    ["::ffff:0:0/96", "::ffff:10.2.9.9", true],
    ["::ffff:10.2.0.0/112", "::ffff:10.2.9.9", true],
    ["2001:db8::/32", "2001:db8:1::5", true],
    ["2001:db8::/32", "2001:db9::5", false],
    ["::1/128", "::1", true],
    ["fe80::/10", "fe80::1%eth0", true],
  ])("%s contains %s: %s", (block, address, expected) => {
    const parsed = parseBlock(block);
    const value = parseAddress(address);
    expect(parsed !== null && value !== null && inBlock(value, parsed)).toBe(expected);
  });

  test.each(["", "10.2.0", "10.2.0.256", "1:2:3", "::1::", "g::", "10.0.0.0/33", "::/129", "1.2.3.4/", "/8"])(
    "%s is neither",
    (text) => {
      expect(text.includes("/") ? parseBlock(text) : parseAddress(text)).toBeNull();
    },
  );

  test("spellings of one address are equal; a mapped one is of the other family", () => {
    expect(addressKey("2001:0DB8:0:0::5")).toBe(addressKey("2001:db8::0:5"));
    expect(addressKey("fe80::1%eth0")).toBe(addressKey("fe80::1"));
    expect(addressKey("::ffff:1.2.3.4")).toBe(addressKey("::ffff:102:304"));
    expect(addressKey("::ffff:1.2.3.4")).not.toBe(addressKey("1.2.3.4"));
    expect(addressKey("10.2")).toBeNull();
    expect(addressKey("0x7f000001")).toBeNull();
  });
});

describe("times", () => {
  const referenceUs = Date.UTC(2026, 10, 21, 14, 0) * 1000;
  test.each([
    ["2026-11-21T00:02:26.760834Z", "2026-11-21T00:02:26.760834Z"],
    ["2026-11-21T02:00:00+02:00", "2026-11-21T00:00:00.000000Z"],
    ["2026-11-21", "2026-11-21T00:00:00.000000Z"],
    ["2026-11-21T13:30", "2026-11-21T13:30:00.000000Z"],
    ["now", "2026-11-21T14:00:00.000000Z"],
    ["15m", "2026-11-21T13:45:00.000000Z"],
    ["now-1h30m", "2026-11-21T12:30:00.000000Z"],
    ["250ms", "2026-11-21T13:59:59.750000Z"],
    ["13:59:30.5", "2026-11-21T13:59:30.500000Z"],
    ["14:02", "2026-11-20T14:02:00.000000Z"],
    ["2d", "2026-11-19T14:00:00.000000Z"],
  ])("%s", (text, expected) => {
    expect(isoTime(resolveTime(text, { referenceUs, zone: "utc" }) ?? Number.NaN)).toBe(expected);
  });

  test.each(["", "yesterday", "2026-02-31", "25:00", "12:60", "15", "now-", "now+1h", "m15", "2026-11-21T24:00Z"])(
    "%s is none",
    (text) => {
      expect(resolveTime(text, { referenceUs, zone: "utc" })).toBeNull();
    },
  );

  test.each([
    ["14:02", "2026-11-21T14:02:00.000000Z"],
    ["13:59", "2026-11-21T13:59:00.000000Z"],
    ["02:30", "2026-11-21T02:30:00.000000Z"],
    ["01:30", "2026-11-22T01:30:00.000000Z"],
    ["15m", "2026-11-21T13:45:00.000000Z"],
  ])("until %s is the nearest such moment", (text, expected) => {
    expect(isoTime(resolveBound("until", text, { referenceUs, zone: "utc" }) ?? Number.NaN)).toBe(expected);
    expect(resolveBound("since", text, { referenceUs, zone: "utc" })).toBe(
      resolveTime(text, { referenceUs, zone: "utc" }),
    );
  });

  test("bounds are taken out of a filter where they are AND-ed, as one window", () => {
    const time = { referenceUs, zone: "utc" as const };
    const split = splitTimes(parseQuery("since:13:00 code:500 until:13:30 since:13:10"), time);
    expect(split).toEqual({
      filter: parseQuery("code:500"),
      window: { fromUs: resolveTime("13:10", time), toUs: resolveTime("13:30", time) },
    });
    for (const text of ["code:500", "since:13:00 OR code:500", "-since:13:00", "since:13:00,13:10"])
      expect(splitTimes(parseQuery(text), time)).toEqual({ filter: parseQuery(text) });
  });

  test("Go durations", () => {
    expect(parseDuration("1.138415ms")).toBeCloseTo(1138.415, 6);
    expect(parseDuration("28.677µs")).toBeCloseTo(28.677, 6);
    expect(parseDuration("415ns")).toBeCloseTo(0.415, 6);
    expect(parseDuration("1h2m3s")).toBe(3_723e6);
    expect(parseDuration("5")).toBeNull();
  });
});

describe("resources as kubectl knows them", () => {
  test.each([
    ["deploy", "deployments.apps", true],
    ["Deployment", "deployments.extensions", true],
    ["deployments", "deployments.apps", true],
    ["deployments.apps", "deployments.extensions", false],
    ["deployment.apps", "deployments.apps", true],
    ["po", "pods", true],
    ["pods", "pods.metrics.k8s.io", false],
    ["pods.metrics.k8s.io", "pods.metrics.k8s.io", true],
    ["events", "events", true],
    ["events", "events.events.k8s.io", false],
    ["widgets", "widgets.example.com", true],
    ["widgets.example.com", "widgets.example.com", true],
    ["widget", "widgets.example.com", false],
  ])("%s means %s: %s", (word, resource, expected) => {
    expect(resourceWordTest(word)(resource)).toBe(expected);
  });
});

describe("body paths", () => {
  const body = {
    spec: { replicas: 3, containers: [{ image: "a" }, { image: "b" }], "a.b": { __proto__: null, c: true } },
    n: null,
  };
  test.each([
    ["spec.replicas", ["3"]],
    ["spec.containers[1].image", ["b"]],
    ["spec.containers.0.image", ["a"]],
    ["spec.containers[*].image", ["a", "b"]],
    ["spec.containers.*.image", ["a", "b"]],
    ['spec["a.b"].c', ["true"]],
    ["n", ["null"]],
    ["spec.containers[0]", ['{"image":"a"}']],
    ["spec.containers.length", []],
    ["__proto__.toString", []],
    ["constructor.name", []],
    ["spec.replicas.deeper", []],
  ])("%s", (path, expected) => {
    const steps = parseBodyPath(path);
    expect(typeof steps === "string" ? steps : bodyValues(body, steps)).toEqual(expected);
  });
});
