import { describe, expect, it } from "vitest";
import { eventsIn } from "../../src/formats/reading/open-reader.ts";
import { V1_CREATE, V1_LIST } from "../../src/formats/shape/sample-events.ts";
import { readAll, type Collected } from "./collect.ts";

function unwrapText(text: string): Collected {
  return readAll("", Buffer.from(text), [text.length], 1002);
}

describe("unwrap", () => {
  it("hands an event on as it is", () => {
    expect(unwrapText(V1_LIST).records).toEqual([
      { text: V1_LIST, offset: 1002, bytes: V1_LIST.length, format: "", apiserver: "", context: "" },
    ]);
  });

  it("locates an event in an object exactly, one in a string at its record", () => {
    const object = `{"event": ${V1_LIST}}`;
    expect(unwrapText(object).records[0]).toMatchObject({ text: V1_LIST, offset: 1012, bytes: V1_LIST.length });
    const string = `{"message":${JSON.stringify(V1_CREATE)}}`;
    expect(unwrapText(string).records[0]).toMatchObject({ text: V1_CREATE, offset: 1002, bytes: string.length });
    expect(eventsIn(Buffer.from(string), 1002, "").map(String)).toEqual([V1_CREATE]);
  });

  it("opens up to four envelopes", () => {
    let text = V1_LIST;
    for (let level = 0; level < 4; level += 1) text = JSON.stringify({ message: text });
    expect(unwrapText(text).records).toHaveLength(1);
    const deeper = unwrapText(JSON.stringify({ message: text }));
    expect(deeper.records).toHaveLength(0);
    expect(deeper.rejects[0]?.kind).toBe("foreign");
  });

  it.each([
    ['{"kind":"Event","apiVersion":"v1","message":"{}"}', "foreign"],
    ['{"kind":"Event","apiVersion":"audit.k8s.io/v1"}', "bad"],
    ['{"kind":"Pod","auditID":"x","stage":"ResponseComplete"}', "foreign"],
    ['{"__proto__":{"auditID":"x","stage":"y"}}', "foreign"],
    ['{"constructor":1,"auditID":7,"stage":[]}', "foreign"],
    ["[]", ""],
    ["[1,2]", "foreign,foreign"],
    ["null", "bad"],
    ['{"message":"hello"}', "foreign"],
    ['{"message":"{\\"kind\\":"}', "truncated"],
    ['{"a":1}}', "bad"],
    ['{"a":', "truncated"],
  ])("%s: %s", (text, kinds) => {
    const { records, rejects } = unwrapText(text);
    expect(records).toHaveLength(0);
    expect(rejects.map(({ kind }) => kind).join()).toBe(kinds);
  });

  it("names strangers' kinds without their control bytes", () => {
    const [reject] = unwrapText(JSON.stringify({ kind: "\u001b[2J".repeat(100), apiVersion: "v1" })).rejects;
    expect(reject?.reason).toMatch(/^a \\x1b\[2J/);
    expect(reject?.reason.length).toBeLessThan(300);
  });
});

describe("Azure records", () => {
  it("name the pod of the API server", () => {
    const record = JSON.stringify({ category: "kube-audit", properties: { log: V1_LIST, pod: "kube-apiserver-0" } });
    expect(readAll("azure", Buffer.from(record)).records[0]?.apiserver).toBe("kube-apiserver-0");
  });

  it("of other categories are foreign", () => {
    const record = JSON.stringify({ category: "guard\u001b", properties: { log: "x" } });
    expect(readAll("azure", Buffer.from(record)).rejects[0]?.reason).toBe("an Azure record of category guard\\x1b");
  });
});
