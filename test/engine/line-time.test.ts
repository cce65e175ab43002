import { describe, expect, it } from "vitest";
import { lineTimeUs } from "../../src/engine/line-time.ts";

const at = (line: string): number => lineTimeUs(Buffer.from(line));

describe("time of a line", () => {
  it("is the stage's", () => {
    const line =
      '{"auditID":"a","requestReceivedTimestamp":"2026-11-21T00:00:00.000000Z","stageTimestamp":"2026-11-21T00:00:01.500000Z"}';
    expect(at(line)).toBe(Date.UTC(2026, 10, 21, 0, 0, 1, 500) * 1_000);
  });
  it("is the request's or the old API's where there is no stage time", () => {
    expect(at('{"requestReceivedTimestamp":"1970-01-01T00:00:02Z"}')).toBe(2e6);
    expect(at('{"timestamp":"1970-01-01T00:00:03Z"}')).toBe(3e6);
  });
  it("is unknown for anything else", () => {
    for (const line of ["", "{}", "no json", '{"stageTimestamp":"never"}', '{"stageTimestamp":"20'])
      expect(at(line)).toBeNaN();
  });
});
