import { array, assert, constantFrom, integer, oneof, property, stringMatching, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { NameArena } from "../../src/finder/name-arena.ts";
import { type Ranked, rank } from "../../src/finder/rank.ts";
import { finish } from "../../src/queries/scan.ts";

function finder(labels: readonly string[]): (text: string, limit?: number) => string[] {
  const arena = new NameArena();
  for (const label of labels) arena.addText(label);
  return (text, limit = 5) =>
    finish<Ranked[]>(
      rank(
        arena,
        (at) => labels[at] as string,
        text,
        limit,
        () => 0,
      ),
    ).map((found) => labels[found.label] as string);
}

describe("fuzzy finder", () => {
  const find = finder([
    "demo/nginx deployments.apps",
    "demo/nginx-857899445 replicasets.apps",
    "demo/nginx-857899445-7x5j6 pods",
    "demo/db-0 pods",
    "kube-system/coredns configmaps",
    "/worker-1 nodes",
    "demo/__proto__ configmaps",
    "demo/日本 configmaps",
  ]);

  it("puts the whole name before names that merely contain it", () => {
    expect(find("nginx")[0]).toBe("demo/nginx deployments.apps");
  });
  it("takes every word, in any order", () => {
    expect(find("pods nginx")[0]).toBe("demo/nginx-857899445-7x5j6 pods");
    expect(find("nginx replicasets")[0]).toBe("demo/nginx-857899445 replicasets.apps");
  });
  it("finds scattered letters", () => {
    expect(find("crdns")).toContain("kube-system/coredns configmaps");
  });
  it("finds names beyond ASCII and names of object prototypes", () => {
    expect(find("日本")).toEqual(["demo/日本 configmaps"]);
    expect(find("__proto__")[0]).toBe("demo/__proto__ configmaps");
  });
  it("finds nothing for letters that are not there", () => {
    expect(find("zzzqqq")).toEqual([]);
  });
  it("says where it matched", () => {
    const arena = new NameArena();
    arena.addText("demo/nginx pods");
    const [best] = finish<Ranked[]>(
      rank(
        arena,
        () => "demo/nginx pods",
        "nginx",
        1,
        () => 0,
      ),
    );
    expect(best?.matches).toContainEqual([5, 10]);
  });
  it("never returns a label that lacks a letter of the query, and never more than asked", () => {
    const labels = Array.from({ length: 5_000 }, (_, n) => `ns-${n % 40}/app-${(n * 7919) % 5000} pods`);
    const many = finder(labels);
    const found = many("app-49", 20);
    expect(found.length).toBe(20);
    for (const label of found) expect(label).toMatch(/a.*p.*p.*-.*4.*9/);
  });
  it("makes the short list that scoring every label makes", () => {
    const word = stringMatching(/^[a-eA-E1-3é]{1,5}$/);
    const label = tuple(word, array(tuple(constantFrom("-", "/", ".", ""), word), { maxLength: 4 }), word).map(
      ([first, parts, last]) => `${first}${parts.flat().join("")} ${last}`,
    );
    const typed = array(oneof(word, stringMatching(/^[a-e]-?[a-e1]?$/)), { minLength: 1, maxLength: 3 });
    const share = constantFrom(0, 0.25, 0.5, 1);
    assert(
      property(
        array(tuple(label, share), { minLength: 1, maxLength: 60 }),
        typed,
        integer({ min: 1, max: 8 }),
        (labels, words, limit) => {
          const arena = new NameArena();
          for (const [text] of labels) arena.addText(text);
          const weight = (at: number): number => labels[at]?.[1] ?? 0;
          const scores = labels.map(([text], at) => naiveScore(text, words, weight(at)));
          const listed = finish<number[]>(arena.shortList(words.join(" "), limit, weight));
          const best = scores.filter((score) => score !== null).toSorted((a, b) => b - a);
          expect(listed.map((at) => scores[at])).toEqual(best.slice(0, limit));
          expect(new Set(listed).size).toBe(listed.length);
          for (const [place, at] of listed.entries()) {
            const before = listed[place - 1];
            if (before !== undefined && scores[before] === scores[at]) expect(before).toBeLessThan(at);
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});

const bytesOf = (text: string): number[] => [...Buffer.from(text.toLowerCase())];
const isSeparator = (byte: number | undefined): boolean =>
  byte === undefined || "-./ :_".includes(String.fromCharCode(byte));

/** What a label is worth for these words, looking at all its bytes; null where it lacks one. */
function naiveScore(label: string, words: readonly string[], weight: number): number | null {
  const bytes = bytesOf(label);
  const parts = words.map((word) => naiveWordScore(bytes, bytesOf(word)));
  return parts.includes(null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), weight * 20);
}

function naiveWordScore(bytes: readonly number[], word: readonly number[]): number | null {
  const pieces: number[] = [];
  for (let at = 0; at + word.length <= bytes.length; at += 1) {
    if (!word.every((byte, k) => bytes[at + k] === byte)) continue;
    const isAtStart = isSeparator(bytes[at - 1]);
    const isAtEnd = isSeparator(bytes[at + word.length]);
    pieces.push(2_000 * word.length + (isAtStart ? 1_200 : 0) + (isAtEnd ? 800 : 0) - at * 2);
    if (isAtStart) break;
  }
  if (pieces.length > 0) return Math.max(...pieces) - bytes.length;
  let score = 0;
  let last = -2;
  for (const byte of word) {
    const at = bytes.indexOf(byte, last < 0 ? 0 : last + 1);
    if (at < 0) return null;
    score += at === last + 1 ? 400 : isSeparator(bytes[at - 1]) ? 300 : 40;
    last = at;
  }
  return score - bytes.length;
}
