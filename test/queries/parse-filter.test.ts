import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FIELDS } from "../../src/events/fields.ts";
import { KtrailError } from "../../src/errors.ts";
import type { Filter, Match, ValueTest } from "../../src/queries/contract.ts";
import { parseFilter, parseQuery } from "../../src/queries/parse-filter.ts";
import { printFilter } from "../../src/queries/print-filter.ts";
import { simplifyFilter } from "../../src/queries/simplify-filter.ts";
import { oracleRequests } from "../support/oracle.ts";
import { filterTexts } from "../support/filter-samples.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { runs } from "../support/runs.ts";

const match = (field: string, ...tests: ValueTest[]): Filter => ({ op: "match", field, tests });
const exact = (text: string): ValueTest => ({ kind: "exact", text });
const compare = (operator: ">" | ">=" | "<" | "=", value: number): ValueTest => ({ kind: "compare", operator, value });
const keyed = (field: string, key: string): Omit<Match, "tests"> => ({ op: "match", field, key });
const both = (...terms: Filter[]): Filter => ({ op: "and", terms });

describe("what the language means", () => {
  test.each<[string, Filter]>([
    ["", { op: "and", terms: [] }],
    ["verb:get", match("verb", exact("get"))],
    ["verb:get,list", match("verb", exact("get"), exact("list"))],
    ["namespace:demo", match("ns", exact("demo"))],
    ['ns:""', match("ns", { kind: "literal", text: "" })],
    ['user:"a b,c*"', match("user", { kind: "literal", text: "a b,c*" })],
    ['user:"say \\"hi\\" \\\\"', match("user", { kind: "literal", text: 'say "hi" \\' })],
    ["name:nginx-*", match("name", { kind: "glob", text: "nginx-*" })],
    ["name:/^a{1,3}$/,b", match("name", { kind: "regex", source: "^a{1,3}$" }, exact("b"))],
    ["ua:/KUBECTL/i", match("ua", { kind: "regex", source: "KUBECTL", ignoreCase: true })],
    ["path:/healthz", match("path", exact("/healthz"))],
    ["path:/api/v1,/apis", match("path", exact("/api/v1"), exact("/apis"))],
    [
      "code:4xx,>=500,200",
      match("code", { kind: "class", digit: 4 }, { kind: "compare", operator: ">=", value: 500 }, exact("200")),
    ],
    ["latency:>1.5s", match("latency", { kind: "compare", operator: ">", value: 1500 })],
    ["latency:<=250us", match("latency", { kind: "compare", operator: "<=", value: 0.25 })],
    ["latency:>20", match("latency", { kind: "compare", operator: ">", value: 20 })],
    ["ip:10.0.0.0/8,::1", match("ip", { kind: "cidr", text: "10.0.0.0/8" }, exact("::1"))],
    ["stage:responsecomplete", match("stage", exact("ResponseComplete"))],
    ["long:yes", match("long", exact("true"))],
    ["nginx", match("any", { kind: "contains", text: "nginx" })],
    ['"OR"', match("any", { kind: "contains", text: "OR" })],
    [
      "-a !b",
      {
        op: "and",
        terms: [
          { op: "not", term: match("any", { kind: "contains", text: "a" }) },
          { op: "not", term: match("any", { kind: "contains", text: "b" }) },
        ],
      },
    ],
    ["a-b", match("any", { kind: "contains", text: "a-b" })],
    ["(verb:get)", match("verb", exact("get"))],
    [
      "verb:get ns:a OR verb:list",
      {
        op: "or",
        terms: [
          { op: "and", terms: [match("verb", exact("get")), match("ns", exact("a"))] },
          match("verb", exact("list")),
        ],
      },
    ],
    [
      "verb:get (ns:a OR ns:b)",
      {
        op: "and",
        terms: [match("verb", exact("get")), { op: "or", terms: [match("ns", exact("a")), match("ns", exact("b"))] }],
      },
    ],
    ["annotation:a.b/c", { op: "match", field: "annotation", key: "a.b/c", tests: [{ kind: "glob", text: "*" }] }],
    [
      'annotation:a.b/c="x y"',
      { op: "match", field: "annotation", key: "a.b/c", tests: [{ kind: "literal", text: "x y" }] },
    ],
    [
      "body:spec.replicas=>3",
      { op: "match", field: "body", key: "spec.replicas", tests: [{ kind: "compare", operator: ">", value: 3 }] },
    ],
    [
      'body:metadata.annotations["a.b/c"]=x,y*',
      {
        op: "match",
        field: "body",
        key: 'metadata.annotations["a.b/c"]',
        tests: [exact("x"), { kind: "glob", text: "y*" }],
      },
    ],
    ["body:spec.replicas>3", { ...keyed("body", "spec.replicas"), tests: [compare(">", 3)] }],
    ["body:spec.replicas>=3,=1", { ...keyed("body", "spec.replicas"), tests: [compare(">=", 3), compare("=", 1)] }],
    ["body:spec.replicas!=3", { op: "not", term: { ...keyed("body", "spec.replicas"), tests: [exact("3")] } }],
    ["body:spec.replicas=2..4", { ...keyed("body", "spec.replicas"), tests: [{ kind: "range", from: 2, to: 4 }] }],
    ["body:data.v=1..b", { ...keyed("body", "data.v"), tests: [exact("1..b")] }],
    ["annotation=a.b/c", { ...keyed("annotation", "a.b/c"), tests: [{ kind: "glob", text: "*" }] }],
    ["annotation:a.b/etcd>500ms", { ...keyed("annotation", "a.b/etcd"), tests: [compare(">", 500)] }],
    [
      "annotation:pod-security.kubernetes.io/*",
      { ...keyed("annotation", "pod-security.kubernetes.io/*"), keyGlob: true, tests: [{ kind: "glob", text: "*" }] },
    ],
    ["annotation:a?/*=x", { ...keyed("annotation", "a?/*"), keyGlob: true, tests: [exact("x")] }],
    ['annotation:"a/*"=x', { ...keyed("annotation", "a/*"), tests: [exact("x")] }],
    ["code>=400", match("code", compare(">=", 400))],
    ["code>=400,<200", match("code", compare(">=", 400), compare("<", 200))],
    ["code=404", match("code", exact("404"))],
    ["code==404", match("code", exact("404"))],
    ["code!=200", { op: "not", term: match("code", exact("200")) }],
    ["-code!=200", match("code", exact("200"))],
    ["latency>=500ms", match("latency", compare(">=", 500))],
    ["verb=delete,patch", match("verb", exact("delete"), exact("patch"))],
    ['ns=""', match("ns", { kind: "literal", text: "" })],
    ["User!=alice", { op: "not", term: match("user", exact("alice")) }],
    ["code:200..299", match("code", { kind: "range", from: 200, to: 299 })],
    ["code:500..,..199", match("code", { kind: "range", from: 500 }, { kind: "range", to: 199 })],
    ["latency:10ms..1.5s", match("latency", { kind: "range", from: 10, to: 1_500 })],
    ["name:a..b", match("name", exact("a..b"))],
    ["verb:write", match("verb", ...["create", "update", "patch", "delete", "deletecollection"].map(exact))],
    ["verb:READ", match("verb", exact("get"), exact("list"), exact("watch"))],
    ['verb:"write"', match("verb", { kind: "literal", text: "write" })],
    ["verb:get AND ns:a", both(match("verb", exact("get")), match("ns", exact("a")))],
    ["verb:get and ns:a", both(match("verb", exact("get")), match("ns", exact("a")))],
    ["nginx and ns:a", both(match("any", { kind: "contains", text: "nginx" }), match("ns", exact("a")))],
    ["verb:get or ns:a", { op: "or", terms: [match("verb", exact("get")), match("ns", exact("a"))] }],
    ["verb:get Or (ns:a)", { op: "or", terms: [match("verb", exact("get")), match("ns", exact("a"))] }],
    ["not verb:get", { op: "not", term: match("verb", exact("get")) }],
    [
      "not (verb:get or ns:a)",
      { op: "not", term: { op: "or", terms: [match("verb", exact("get")), match("ns", exact("a"))] } },
    ],
    ["verb:get and not ns:a", both(match("verb", exact("get")), { op: "not", term: match("ns", exact("a")) })],
    ["NOT nginx", { op: "not", term: match("any", { kind: "contains", text: "nginx" }) }],
    ["or", match("any", { kind: "contains", text: "or" })],
    ["not", match("any", { kind: "contains", text: "not" })],
    ["order", match("any", { kind: "contains", text: "order" })],
    ["since:15m until:now-2h", { op: "and", terms: [match("since", exact("15m")), match("until", exact("now-2h"))] }],
  ])("%s", (text, filter) => {
    expect(parseQuery(text)).toEqual(filter);
  });

  test.each(FIELDS.map(({ id, example }) => [id, example]))(
    "the example of %s: parses and prints back",
    (_id, example) => {
      const filter = parseQuery(example);
      expect(parseQuery(printFilter(filter))).toEqual(filter);
    },
  );

  test("is cut into the terms that are AND-ed, each parsing by itself", () => {
    const parsed = parseFilter('code:4xx  (ns:a OR ns:b) -"x y" AND verb:get');
    expect(parsed.ok && parsed.terms).toEqual(["code:4xx", "(ns:a OR ns:b)", '-"x y"', "verb:get"]);
    const alternatives = parseFilter("code:4xx OR code:5xx");
    expect(alternatives.ok && alternatives.terms).toEqual(["(code:4xx OR code:5xx)"]);
  });
});

describe("mistakes", () => {
  test.each<[string, number, RegExp]>([
    ["verb:get namspace:x", 10, /unknown field `namspace:` — did you mean `namespace:`\/`ns:`/],
    ["usr:alice", 1, /`user:`/],
    ["zzzzz:1", 1, /put the word in "…" to search for it/],
    ["system:node:worker-1", 1, /unknown field `system:`/],
    ["verb:dlete", 6, /did you mean delete/],
    ["code:4x", 6, /"4x" is no status code/],
    ["code:>=abc", 8, /no status code/],
    ["latency:5", 9, /latency:>5/],
    ["latency:>5 parsecs latency:>5parsecs", 29, /no number or duration/],
    ["level:meta", 7, /did you mean Metadata/],
    ["actor:robot", 7, /human, node/],
    ["ip:10.0.0.0/33", 4, /too long/],
    ["ip:host/8", 4, /no IP address/],
    ["since:yesterday", 7, /2026-11-21T00:09:31Z/],
    ["user:>5", 6, /cannot be compared/],
    ["user:", 6, /needs a value/],
    ["user:a,", 8, /needs a value/],
    ['user:"a', 6, /never closed/],
    ['user:a"b"', 7, /quote/],
    ['user:"a"b', 9, /space or a comma/],
    ["(verb:get", 1, /never closed: add "\)"/],
    ["verb:get)", 9, /closes nothing/],
    ["verb:get OR", 12, /missing here/],
    ["OR verb:get", 1, /missing before "OR"/],
    ["()", 2, /missing before "\)"/],
    ["- verb:get", 1, /right before what it negates/],
    ["verb:get , list", 10, /comma/],
    ["ua:Mozilla/5.0(X11)", 15, /parentheses is put in/],
    ["name:/(a/", 7, /regex cannot be used/],
    ["name:/(?<=a)b/", 7, /look-around/],
    [String.raw`name:/(a)\1/`, 7, /back-references/],
    ["name:/((a{1,90}){1,90}){1,90}/", 7, /at most 1,000 repeats/],
    ["body:=1", 6, /needs a key/],
    ["body:a..b=1", 6, /no path/],
    ["annotation:a[b=1", 13, /whole key in/],
    ["cod>=400", 1, /`code>=`/],
    ["limit=500", 1, /put the word in "…" to search for it/],
    ["user>5", 5, /cannot be compared/],
    ["code>=", 7, /no status code/],
    ["code >= 400", 6, /right behind a field and before its value, as in code>=400/],
    ["code=~4..", 5, /between slashes: code:\/…\//],
    ["user!~alice", 5, /between slashes: -user:\/…\//],
    ["verb:get && ns:a", 10, /AND, or just a space/],
    ["verb:get || ns:a", 10, /OR stands between alternatives/],
    ["verb:get | verb:list", 10, /a comma between values/],
    ["verb:get|list", 6, /verb:get,list/],
    ["verb:!get", 6, /write -verb:get or verb!=get/],
    ["body:kind=!Pod", 11, /KEY!=Pod/],
    ["kubectl or curl", 9, /write OR to join words, or "or" to search for it/],
    ["kubectl and curl", 9, /write AND/],
    ["not nginx", 1, /- before a word/],
    ["nginx not curl", 7, /- before a word/],
    ["and verb:get", 1, /AND stands between two terms.*"and"/],
    ["verb:get or", 10, /OR stands between two terms.*"or"/],
    ["verb:get AND", 10, /AND stands between two terms/],
    ["code:300..200", 6, /ends before it starts/],
    ["code:a..b", 6, /no range/],
    ["latency:..", 9, /no range/],
    ["since:10:00..10:05", 7, /since:10:00 until:10:05/],
    ["ip:10.0.0.1..10.0.0.9", 4, /CIDR/],
    ["verb:wirte", 6, /did you mean write/],
    [`latency:>${"9".repeat(30)}`, 10, /no number/],
  ])("%s: column %i", (text, column, message) => {
    expect(parseFilter(text)).toMatchObject({ ok: false, column, message: expect.stringMatching(message) as string });
    expect(() => parseQuery(text)).toThrow(KtrailError);
  });

  test("any text gives a filter or a mistake inside of it, never an exception", () => {
    const pieces = fc.constantFrom(
      ...'abc:/"\\*?()[]{}-!,=<>.|+^$&~ 0129',
      " or ",
      " and ",
      "not ",
      "..",
      "!=",
      ">=",
      "annotation:",
      " OR ",
      " AND ",
      "verb:",
      "code:",
      "body:",
      "name:/",
      "ip:",
      "since:",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(pieces).map((parts) => parts.join("")),
        ),
        (text) => {
          const parsed = parseFilter(text);
          if (parsed.ok) {
            expect(parseQuery(parsed.terms.join(" "))).toEqual(parsed.filter);
            expect(parseQuery(printFilter(parsed.filter))).toEqual(parsed.filter);
          } else {
            expect(parsed.column).toBeGreaterThanOrEqual(1);
            expect(parsed.column).toBeLessThanOrEqual(text.length + 1);
          }
        },
      ),
      { numRuns: runs(3_000), seed: 17 },
    );
  });

  test("deep nesting and great length are refused, not run into", () => {
    expect(parseFilter(`${"(".repeat(5_000)}a${")".repeat(5_000)}`)).toMatchObject({ ok: false });
    expect(parseFilter(`${"-".repeat(5_000)}a`)).toMatchObject({ ok: false });
    expect(parseFilter("a ".repeat(50_000))).toMatchObject({ ok: false });
  });
});

describe("printing", () => {
  test("prints what parses to the same filter", () => {
    const requests = oracleRequests(logsIn(DEMO).slice(0, 1));
    fc.assert(
      fc.property(filterTexts(requests), (text) => {
        const filter = parseQuery(text);
        expect(parseQuery(printFilter(filter))).toEqual(filter);
        expect(printFilter(parseQuery(printFilter(filter)))).toBe(printFilter(filter));
      }),
      { numRuns: runs(400), seed: 23 },
    );
  });

  test("filters made by programs print as text of the language", () => {
    const none: Filter = { op: "and", terms: [] };
    const inDemo = match("ns", exact("demo"));
    expect(printFilter({ op: "and", terms: [none, inDemo] })).toBe("ns:demo");
    expect(printFilter({ op: "and", terms: [{ op: "and", terms: [inDemo] }, inDemo] })).toBe("ns:demo ns:demo");
    expect(printFilter({ op: "or", terms: [none, inDemo] })).toBe("");
    expect(printFilter({ op: "not", term: { op: "not", term: inDemo } })).toBe("ns:demo");
    expect(simplifyFilter({ op: "not", term: none })).toEqual({ op: "or", terms: [] });
    expect(parseFilter(printFilter({ op: "not", term: none })).ok).toBe(true);
  });
});

test("a part of a value prints as no whole value does: caches tell filters apart by their text", () => {
  const of = (test: ValueTest): string => printFilter({ op: "match", field: "user", tests: [test] });
  const texts = [
    of({ kind: "contains", text: "a.b" }),
    of({ kind: "literal", text: "a.b" }),
    of({ kind: "exact", text: "a.b" }),
  ];
  expect(new Set(texts).size).toBe(3);
  expect(texts[0]).toBe(String.raw`user:/a\.b/i`);
});
