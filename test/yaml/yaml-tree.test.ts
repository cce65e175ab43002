import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Located } from "../../src/yaml/located.ts";
import { type YamlOptions, yamlTree, yamlTrees } from "../../src/yaml/yaml-tree.ts";

const FREE: YamlOptions = { deepest: 64, aliases: true, sameKeys: true };

/** Values without places. */
function plain(value: Located | null): unknown {
  if (value === null || value.kind === "text") return value?.text ?? null;
  if (value.kind === "list") return value.items.map(plain);
  return value.entries.map((entry) => [entry.key, plain(entry.value)]);
}

function find(value: Located | null | undefined, key: string): Located | undefined {
  return value?.kind === "map" ? value.entries.find((entry) => entry.key === key)?.value : undefined;
}

describe("located YAML", () => {
  it("keeps every document, keys written twice and what aliases stand for", () => {
    const trees = yamlTrees("a: &x [1]\na: *x\n---\nb: ~\n", FREE);
    expect(trees.map(({ root }) => plain(root))).toEqual([
      [
        ["a", ["1"]],
        ["a", ["1"]],
      ],
      [["b", null]],
    ]);
    expect(trees.flatMap(({ problems }) => problems)).toEqual([]);
  });

  it("tells quoted texts from plain ones, and where the lines of a block are", () => {
    const [tree] = yamlTrees(
      "- yes\n- 'yes'\n- !!str yes\n- !!int '5'\n- |\n\n    first\n    second\n- >\n  folded\n",
      FREE,
    );
    const items = tree?.root?.kind === "list" ? tree.root.items : [];
    expect(items.map((item) => item.kind === "text" && item.isPlain)).toEqual([true, false, false, true, false, false]);
    expect(items[4]).toMatchObject({ text: "\nfirst\nsecond\n", place: { line: 5, column: 3 } });
    expect(items[4]).toMatchObject({ block: { line: 6, column: 5 } });
    expect(items[5]).not.toHaveProperty("block");
  });

  it("says where a mistake is, and reads the rest", () => {
    const { root, problems } = yamlTree("a: *nobody\nb: 1\nc: {d: [\n", { ...FREE, sameKeys: false });
    expect(find(root, "b")).toMatchObject({ text: "1", place: { line: 2, column: 4 } });
    expect(problems.map(({ place }) => place?.line)).toContain(1);
    expect(yamlTree("a: 1\na: 2\n").problems).toMatchObject([{ place: { line: 2 } }]);
    expect(yamlTree("a: &x 1\nb: *x\n").problems[0]?.message).toContain("aliases");
  });

  it("is not blown up by aliases of aliases, nor by what is nested or refers to itself", () => {
    const levels = Array.from({ length: 30 }, (_, at) => {
      const item = at === 0 ? "lol" : `*l${at - 1}`;
      return `l${at}: &l${at} [${Array.from({ length: 9 }, () => item).join(", ")}]`;
    });
    expect(yamlTree(levels.join("\n"), FREE).problems).not.toEqual([]);
    expect(yamlTree("a: &a [*a]\n", FREE).problems).not.toEqual([]);
    expect(yamlTree("[".repeat(100_000), FREE).problems).not.toEqual([]);
    expect(yamlTrees("[".repeat(100_000), FREE)[0]?.problems).not.toEqual([]);
  });

  it("reads anything at all without a crash", () => {
    assert(
      property(string({ unit: "binary", maxLength: 200 }), (text) => {
        for (const tree of yamlTrees(text, FREE)) expect(Array.isArray(tree.problems)).toBe(true);
      }),
    );
  });
});
