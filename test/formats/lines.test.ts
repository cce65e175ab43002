import { describe, expect, it } from "vitest";
import { openReader } from "../../src/formats/reading/open-reader.ts";
import { eventsIn } from "../../src/formats/reading/open-reader.ts";
import { V1_CREATE, V1_LIST } from "../../src/formats/shape/sample-events.ts";
import { collector, countByKind, readAll } from "./collect.ts";

const TIME = "2026-11-20T14:02:11.8443515Z";

describe("lines", () => {
  it("gives each event's own bytes", () => {
    const data = Buffer.from(`\ufeff${V1_LIST}\r\n  \n${V1_CREATE}  \n`);
    const { records } = readAll("jsonl", data);
    expect(records.map(({ text }) => text)).toEqual([V1_LIST, V1_CREATE]);
    expect(records.map(({ offset }) => offset)).toEqual([3, data.indexOf(V1_CREATE)]);
  });

  it("counts from the base offset", () => {
    const sink = collector();
    const reader = openReader("jsonl", sink, 1000);
    reader.push(Buffer.from(`${V1_LIST}\n`));
    expect(sink.records[0]).toMatchObject({ offset: 1000, bytes: V1_LIST.length });
  });

  it("waits for the rest of a line, and says from where", () => {
    const sink = collector();
    const reader = openReader("jsonl", sink, 0);
    reader.push(Buffer.from(`${V1_LIST}\n${V1_CREATE.slice(0, 100)}`));
    expect(sink.records).toHaveLength(1);
    expect(reader.consumedOffset).toBe(V1_LIST.length + 1);
    reader.push(Buffer.from(V1_CREATE.slice(100)));
    expect(sink.records).toHaveLength(1);
    reader.push(Buffer.from("\n"));
    expect(sink.records[1]?.text).toBe(V1_CREATE);
    expect(reader.consumedOffset).toBe(V1_LIST.length + V1_CREATE.length + 2);
  });

  it("tells truncated, bad and foreign apart", () => {
    const lines = [
      V1_LIST,
      V1_CREATE.slice(0, 250),
      "no json at all",
      '{"kind":"Event","apiVersion":"audit.k8s.io/v1",}',
      '{"kind":"Event","apiVersion":"v1","reason":"Killing"}',
      '{"kind":"AdmissionReview"}',
      "I1120 14:02:11.123456       1 controller.go:126] OpenAPI",
      `${V1_LIST.slice(0, 200)}${V1_CREATE}`,
      V1_CREATE.slice(0, 250),
    ];
    const read = readAll("jsonl", Buffer.from(lines.join("\n")));
    expect(read.records).toHaveLength(1);
    expect(read.rejects.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([
      "truncated: cut short at the end of a line",
      "bad: not JSON",
      "bad: not valid JSON",
      "foreign: a core/v1 Event",
      "foreign: an AdmissionReview",
      "foreign: a log line, not an event",
      "bad: not valid JSON",
      "truncated: the last line is cut short",
    ]);
  });

  it("shows control bytes of a rejected line escaped", () => {
    const [reject] = readAll("jsonl", Buffer.from("evil \x1b[2J\u202e\n")).rejects;
    expect(reject?.sample).toBe("evil \\x1b[2J\\u202e");
  });

  it("passes invalid UTF-8 on as it is", () => {
    const broken = Buffer.from(V1_LIST.replace("ada", "a?a"));
    broken[broken.indexOf("?")] = 0xff;
    const sink = collector();
    const reader = openReader("jsonl", sink, 0);
    reader.push(Buffer.concat([broken, Buffer.from("\n")]));
    expect(sink.records).toHaveLength(1);
    expect(countByKind(readAll("jsonl", broken))).toEqual({});
  });

  it("reads a line of many megabytes", () => {
    const big = V1_CREATE.replace('"prices"}', `"prices","annotations":{"x":"${"y".repeat(20_000_000)}"}}`);
    const { records } = readAll("jsonl", Buffer.from(`${V1_LIST}\n${big}\n${V1_LIST}\n`), [65_536]);
    expect(records.map(({ bytes }) => bytes)).toEqual([V1_LIST.length, big.length, V1_LIST.length]);
  });

  it("splits an EventList in a line, whatever the order of its keys", () => {
    for (const list of [
      `{"kind":"EventList","items":[${V1_LIST},${V1_CREATE}]}`,
      `{"items":[${V1_LIST},${V1_CREATE}],"kind":"EventList"}`,
      `[${V1_LIST},${V1_CREATE}]`,
      `${V1_LIST}${V1_CREATE}`,
    ]) {
      const data = Buffer.from(`${V1_LIST}\n${list}\n`);
      const { records } = readAll("jsonl", data);
      expect(records.map(({ text }) => text)).toEqual([V1_LIST, V1_LIST, V1_CREATE]);
      for (const { text, offset, bytes } of records) expect(data.toString("utf8", offset, offset + bytes)).toBe(text);
    }
  });
});

describe("prefixes", () => {
  it.each([
    [`ci-x7-master-0 `, "ci-x7-master-0"],
    [`10-0-1-5.ec2.internal `, "10-0-1-5.ec2.internal"],
    [`Nov 20 14:02:11 cp1 kube-apiserver[812]: `, "cp1"],
    [`<134>Nov  2 14:02:11 cp1 kube-apiserver: `, "cp1"],
    [`<134>1 2026-11-20T14:02:11Z cp1 kube-apiserver 812 - [x y="1"] `, "cp1"],
    [`<134>1 2026-11-20T14:02:11Z - kube-apiserver 812 - - `, ""],
    [`2026-11-20T14:02:11+0000 cp1 kube-apiserver[812]: `, "cp1"],
    [`2021-02-04T08:02:01.678000+00:00 kube-apiserver-audit-bf58dc76 `, "kube-apiserver-audit-bf58dc76"],
    [`${TIME} `, ""],
    [`1690000000.123 `, ""],
    [`${TIME} stdout F `, ""],
    [`${TIME} {instance="cp1"} `, ""],
  ])("%s", (prefix, host) => {
    const data = Buffer.from(`${prefix}${V1_LIST}\n${prefix}${V1_CREATE}\n`);
    const { records, rejects } = readAll("prefixed", data);
    expect(rejects).toEqual([]);
    expect(records.map(({ apiserver }) => apiserver)).toEqual([host, host]);
    for (const { text, offset, bytes } of records) expect(data.toString("utf8", offset, offset + bytes)).toBe(text);
  });

  it("keeps interleaved nodes apart", () => {
    const hosts = Array.from({ length: 40 }, (_, i) => `master-${i % 3}`);
    const { records } = readAll("prefixed", Buffer.from(hosts.map((host) => `${host} ${V1_LIST}\n`).join("")));
    expect(records.map(({ apiserver }) => apiserver)).toEqual(hosts);
  });

  it("remembers no more hosts than a control plane has", () => {
    const hosts = Array.from({ length: 1000 }, (_, i) => `host${i}`);
    const { records } = readAll("prefixed", Buffer.from(hosts.map((host) => `${host} ${V1_LIST}\n`).join("")));
    expect(records).toHaveLength(1000);
    expect(new Set(records.map(({ apiserver }) => apiserver)).size).toBeLessThan(300);
  });

  it("takes the first object that is complete, not the first brace", () => {
    const line = `x {"not json" ${TIME} ${JSON.stringify({ zz: 1, ...(JSON.parse(V1_LIST) as object) })}`;
    const { records } = readAll("prefixed", Buffer.from(`${line}\n`));
    expect(records).toHaveLength(1);
    expect(records[0]?.text.startsWith('{"zz":1')).toBe(true);
  });

  it("joins split lines per stream and finds them again", () => {
    const data = Buffer.from(
      [
        `${TIME} stdout P ${V1_CREATE.slice(0, 262)}`,
        `${TIME} stderr P ${V1_LIST.slice(0, 50)}`,
        `${TIME} stdout P ${V1_CREATE.slice(262, 300)}`,
        `${TIME} stderr F ${V1_LIST.slice(50)}`,
        `${TIME} stdout F ${V1_CREATE.slice(300)}`,
        `${TIME} stdout P ${V1_CREATE.slice(0, 30)}`,
        "",
      ].join("\n"),
    );
    const read = readAll("prefixed", data);
    expect(read.records.map(({ text }) => text)).toEqual([V1_LIST, V1_CREATE]);
    expect(countByKind(read)).toEqual({ truncated: 1 });
    const { offset, bytes } = read.records[1] as (typeof read.records)[number];
    expect(eventsIn(data.subarray(offset, offset + bytes), offset, "").map(String)).toContain(V1_CREATE);
  });

  it("finds an event again that a container's line tells as text, whatever else the text holds", () => {
    const list = `202"},${V1_LIST},{"labels":{"first":6`;
    const legacy =
      'id="a" stage="ResponseComplete" ip="192.0.2.7" method="get" user="ada" uri="/healthz" response="200"';
    const data = Buffer.from(`${TIME} stdout F ${list} ${TIME} AUDIT: ${legacy}\n`);
    const { records } = readAll("", data);
    expect(records.length).toBeGreaterThan(0);
    for (const { offset, bytes, context, text } of records) {
      expect(eventsIn(data.subarray(offset, offset + bytes), offset, context).map(String)).toContain(text);
    }
  });
});
