import { describe, expect, it } from "vitest";
import { NameArena } from "../../src/finder/name-arena.ts";
import { type Ranked, rank } from "../../src/finder/rank.ts";
import { finish } from "../../src/queries/scan.ts";

function finder(labels: readonly string[]): (text: string, limit?: number) => string[] {
  const arena = new NameArena();
  for (const label of labels) arena.add(label);
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
    arena.add("demo/nginx pods");
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
});
