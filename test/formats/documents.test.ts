import { describe, expect, it } from "vitest";
import { openReader } from "../../src/formats/reading/open-reader.ts";
import { V1_CREATE, V1_LIST, pretty } from "../../src/formats/shape/sample-events.ts";
import { collector, countByKind, readAll } from "./collect.ts";

describe("documents", () => {
  it("finds exact offsets in lists in lists", () => {
    const data = Buffer.from(
      ` [ {"kind":"List","items":[ ${pretty(V1_LIST)} , {"metadata":{"items":[1]},"items":[${V1_CREATE}]} ]}, ${V1_LIST} ]`,
    );
    const { records, rejects } = readAll("array", data, [7]);
    expect(rejects).toEqual([]);
    expect(records.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
      [V1_LIST, V1_CREATE, V1_LIST].map((text) => JSON.parse(text) as unknown),
    );
    for (const { text, offset, bytes } of records) expect(data.toString("utf8", offset, offset + bytes)).toBe(text);
  });

  it("is not misled by items inside an event", () => {
    const event = V1_CREATE.replace('"data":{', '"items":[{"kind":"Pod"}],"data":{');
    const late = `{"auditID":"a","stage":"ResponseComplete","items":[{"x":1}]}`;
    const { records } = readAll("documents", Buffer.from(`${pretty(event)}\n${late}\n`));
    expect(records).toHaveLength(2);
  });

  it("does not take the items of other lists for records", () => {
    const pods = `{"kind":"PodList","apiVersion":"v1","items":[{"kind":"Pod"},{"kind":"Pod"}]}`;
    const read = readAll("documents", Buffer.from(`${pods}${V1_LIST}`));
    expect(read.records).toHaveLength(1);
    expect(read.rejects.map(({ reason }) => reason)).toEqual(["a PodList"]);
  });

  it.each([
    ["cut in a string", pretty(V1_CREATE).slice(0, 130)],
    ["cut between members", pretty(V1_CREATE).slice(0, pretty(V1_CREATE).indexOf('"level"'))],
    ["cut after a value", pretty(V1_CREATE).slice(0, pretty(V1_CREATE).indexOf(",\n"))],
    ["closed wrongly", pretty(V1_CREATE).replace("  ],", "  },")],
    ["a line of text", "-- Logs begin at Fri 2026-11-20 --"],
  ])("loses only the broken document: %s", (_name, broken) => {
    const data = Buffer.from([pretty(V1_LIST), broken, pretty(V1_CREATE), pretty(V1_LIST)].join("\n"));
    const read = readAll("documents", data, [13]);
    expect(read.records.map(({ text }) => text)).toEqual([V1_LIST, V1_CREATE, V1_LIST].map(pretty));
    expect(read.rejects).toHaveLength(1);
  });

  it("loses only the broken event of a list with an event a line", () => {
    const data = Buffer.from(
      `{"kind":"EventList","items":[\n${V1_LIST},\n${V1_CREATE.slice(0, 400)}\n${V1_LIST},\n${V1_CREATE}\n]}\n${V1_LIST}`,
    );
    const read = readAll("eventlist", data);
    expect(read.records.map(({ text }) => text)).toEqual([V1_LIST, V1_LIST, V1_CREATE, V1_LIST]);
    expect(countByKind(read)).toEqual({ truncated: 1 });
  });

  it("goes on after a webhook body that was cut short", () => {
    const body = `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","items":[${V1_LIST},${V1_CREATE}]}`;
    for (let cut = 1; cut < body.length; cut += 7) {
      const read = readAll("eventlist", Buffer.from(`${body}\n${body.slice(0, cut)}\n${body}\n`));
      const before = Number(cut > body.indexOf(V1_LIST) + V1_LIST.length - 1) + Number(cut > body.length - 3);
      expect(read.records.length, `cut at ${cut}`).toBe(4 + before);
      expect(read.rejects.length, `cut at ${cut}`).toBeLessThanOrEqual(1);
    }
  });

  it("reports an unfinished list and where to go on", () => {
    const sink = collector();
    const reader = openReader("array", sink, 0);
    reader.push(Buffer.from(`[${V1_LIST},${V1_CREATE.slice(0, 40)}`));
    expect(reader.consumedOffset).toBe(V1_LIST.length + 2);
    reader.push(Buffer.from(`${V1_CREATE.slice(40)},`));
    expect(reader.consumedOffset).toBe(V1_LIST.length + V1_CREATE.length + 3);
    reader.end();
    expect(sink.records).toHaveLength(2);
    expect(countByKind(sink)).toEqual({ truncated: 1 });
  });

  it("survives nesting without end", () => {
    const deep = `{"a":${"[".repeat(100_000)}\n${V1_LIST}\n`;
    const read = readAll("documents", Buffer.from(deep), [4096]);
    expect(read.records.map(({ text }) => text)).toEqual([V1_LIST]);
    expect(countByKind(read)).toEqual({ truncated: 1 });
  });
});
