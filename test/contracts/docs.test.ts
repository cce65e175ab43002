import { describe, expect, it } from "vitest";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BLOCKS, PAGES, refreshed, stalePages } from "../../scripts/docs.ts";

const root = resolve(import.meta.dirname, "../..");

describe("generated docs", () => {
  it("say what the registries say (npm run docs)", () => {
    expect(stalePages()).toEqual([]);
  });

  it("have every generated block on some page", () => {
    const text = PAGES.map((page) => readFileSync(join(root, page), "utf8")).join("\n");
    for (const name of Object.keys(BLOCKS)) expect(text).toContain(`<!-- generated: ${name} -->`);
  });

  it("refuse a marker nobody writes", () => {
    expect(() => refreshed("<!-- generated: nothing -->\n<!-- end -->")).toThrow(/no such generated block/);
  });
});
