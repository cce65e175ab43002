import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Format, FormatSample } from "../../src/formats/contract.ts";
import { eventsIn } from "../../src/formats/reading/open-reader.ts";
import { formats } from "../../src/formats/registry.ts";
import { sniff } from "../../src/formats/sniffing/sniff.ts";
import { readAll } from "../formats/collect.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../src/formats");

function bytesOf({ text }: FormatSample): Buffer {
  return Buffer.from(text);
}

describe("format registry", () => {
  it("lists every format's file once, and nothing else", () => {
    const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));
    const others = ["contract.ts", "registry.ts"];
    expect(formats.map(({ id }) => `${id}.ts`).sort()).toEqual(files.filter((name) => !others.includes(name)).sort());
  });

  it.each(formats)("$id says what it is", ({ id, title, docs, samples }) => {
    expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
    expect(title.length).toBeGreaterThan(3);
    expect(docs).toMatch(/^[A-Z].*\.$/);
    const names = samples().map(({ name }) => name);
    expect(names.length).toBeGreaterThan(0);
    expect(new Set(names).size).toBe(names.length);
  });
});

describe.each(formats.map((format): [string, Format] => [format.id, format]))("samples of %s", (id, format) => {
  const samples = format.samples();

  it.each(samples)("$name: detected as this format and no other", (sample) => {
    expect(sniff(bytesOf(sample), true)).toEqual({ kind: "format", format: id });
    const labels = new Set(readAll("", bytesOf(sample)).records.map((record) => record.format || "jsonl"));
    // Lists and lines may hold each other.
    if (format.open !== undefined || format.prefixes !== undefined) expect([...labels]).toEqual([id]);
    else expect([...labels]).toContain(id);
  });

  it.each(samples)("$name: yields its $events events, with who wrote them", (sample) => {
    const { records } = readAll("", bytesOf(sample));
    expect(records).toHaveLength(sample.events);
    const servers = [...new Set(records.map(({ apiserver }) => apiserver))];
    if (sample.apiservers !== undefined) expect(servers).toEqual(sample.apiservers);
    for (const { text } of records) {
      const event = JSON.parse(text) as Record<string, unknown>;
      expect(event["verb"]).not.toBe("");
      expect(event["verb"]).toBeDefined();
      expect(event["objectRef"] ?? event["requestURI"]).toBeDefined();
    }
  });

  it.each(samples)("$name: each event is found again by its place", (sample) => {
    const data = bytesOf(sample);
    for (const { text, offset, bytes, context } of readAll("", data).records) {
      expect(eventsIn(data.subarray(offset, offset + bytes), offset, context).map(String)).toContain(text);
    }
  });

  it.each(samples)("$name: read as asked for by name", (sample) => {
    expect(readAll(id, bytesOf(sample)).records).toHaveLength(sample.events);
  });
});

describe("wrappers", () => {
  const general = ["shipper", "fluent", "nested"];
  const objects = formats
    .filter(({ id, open }) => open !== undefined && !general.includes(id))
    .flatMap((format) => format.samples().flatMap((sample) => objectsIn(sample).map((value) => ({ format, value }))));

  it("open no object of another, whatever the order", () => {
    for (const { format, value } of objects) {
      const beside = { facts: {}, place: "x", memory: new Map<string, string>() };
      const takers = formats
        .filter(({ id, open }) => !general.includes(id) && open?.(value, beside))
        .map(({ id }) => id);
      if (takers.length > 0) expect(takers, JSON.stringify(value).slice(0, 300)).toEqual([format.id]);
    }
  });
});

function objectsIn(sample: FormatSample): Record<string, unknown>[] {
  const values: unknown[] = bytesOf(sample)
    .toString()
    .split("\n")
    .map((line) => {
      try {
        return JSON.parse(line) as unknown;
      } catch {
        return null;
      }
    });
  return values.filter((value) => typeof value === "object" && value !== null) as Record<string, unknown>[];
}
