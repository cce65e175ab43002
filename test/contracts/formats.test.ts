import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Head } from "../../src/formats/head.ts";
import { formats, sniff } from "../../src/formats/registry.ts";
import { readAll } from "../formats/collect.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../src/formats");

describe("format registry", () => {
  it("lists every format folder once, and nothing else", () => {
    const folders = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(formats.map(({ id }) => id).sort()).toEqual(folders.map(({ name }) => name).sort());
    for (const { name } of folders) expect(existsSync(join(folder, name, "samples.ts"))).toBe(true);
  });

  it.each(formats)("$id says what it is", ({ id, title, docs, samples }) => {
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(title.length).toBeGreaterThan(3);
    expect(docs).toMatch(/^[A-Z].*\.$/);
    expect(samples.length).toBeGreaterThan(1);
    expect(new Set(samples.map(({ name }) => name)).size).toBe(samples.length);
  });
});

describe.each(formats)("samples of $id", ({ id, samples }) => {
  it.each(samples)("$name: detected as this format and no other", ({ text }) => {
    const data = Buffer.from(text);
    const takers = formats.filter(({ detect }) => detect(new Head(data, true)) !== null);
    expect(takers.map((format) => format.id)).toEqual([id]);
    expect(sniff(data, true)).toMatchObject({ kind: "format", format: id });
  });

  it.each(samples)("$name: yields its $events events", ({ text, events }) => {
    expect(readAll(id, Buffer.from(text)).records).toHaveLength(events);
  });
});
