import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { sniff } from "../../src/formats/sniffing/sniff.ts";
import { countByKind, readAll } from "./collect.ts";

const folder = join(import.meta.dirname, "../../fixtures/formats");

type Expected =
  | { readonly refused: string }
  | ({ readonly format: string; readonly events: number } & Record<string, unknown>);

const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Record<string, Expected>;

it("names every fixture", () => {
  const files = readdirSync(folder).filter((name) => name !== "expected.json");
  expect(Object.keys(expected).sort()).toEqual(files.sort());
});

it.each(Object.entries(expected))("%s", (name, wanted) => {
  const data = readFileSync(join(folder, name));
  const found = sniff(data, true);
  if ("refused" in wanted) {
    expect(found).toEqual({ kind: "refused", reason: wanted.refused });
    return;
  }
  const read = readAll(wanted.format, data, [100]);
  expect(found).toMatchObject({ kind: "format", format: wanted.format });
  expect({ format: wanted.format, events: read.records.length, ...countByKind(read) }).toEqual(wanted);
});
