import { expect, test } from "vitest";
import { RequestMemory } from "../../src/clickhouse/ship/request-memory.ts";

test("a request stands where its first event came, and is ended by one event", () => {
  const ended = new Set<string>();
  const memory = new RequestMemory((request) => !ended.has(request) && ended.add(request) !== undefined);
  const of = (apiserver: string, auditID = "a"): { apiserver: string; receivedUs: number; auditID: string } => ({
    apiserver,
    receivedUs: 5,
    auditID,
  });
  expect(memory.see(of("cp1"), false, 10)).toEqual({ isFinal: false, firstSeq: 10 });
  // The same ID of an API server that passed the request on.
  expect(memory.see(of("cp2"), true, 11)).toEqual({ isFinal: true, firstSeq: 11 });
  expect(memory.see(of("cp1"), false, 12)).toEqual({ isFinal: false, firstSeq: 10 });
  expect(memory.see(of("cp1"), true, 13)).toEqual({ isFinal: true, firstSeq: 10 });
  expect(memory.see(of("cp1"), true, 14)).toEqual({ isFinal: false, firstSeq: 14 });
  // However many never end, the newest are remembered.
  for (let at = 0; at < 100_001; at++) memory.see(of("cp1", `open-${at}`), false, 100 + at);
  expect(memory.see(of("cp1", "open-0"), true, 200_000).firstSeq).toBe(200_000);
  expect(memory.see(of("cp1", "open-100000"), true, 200_001).firstSeq).toBe(100_100);
});
