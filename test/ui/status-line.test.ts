import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lineText, lineWidth } from "../../src/models/line.ts";
import { statusLine } from "../../src/ui/status-line.ts";
import { commandContext } from "../support/command-context.ts";

const { app, pane } = commandContext({ timeZone: "utc" });
const calm = pane.status;
const troubled = {
  ...calm,
  phase: "following" as const,
  requestsSeen: 1_200_000,
  requestsKept: 1_000_000,
  requestsEvicted: 200_000,
  bad: 3,
  truncated: 1,
  duplicates: 12,
  arrivalRate: 480,
  lagMs: 120,
};
const text = (...given: Parameters<typeof statusLine>): string => lineText(statusLine(...given));

describe("the status line", () => {
  test("a finished log: input, requests, span with its zone", () => {
    expect(text(app, calm, null, 100)).toBe("audit.log · 10 requests · 2026-11-21 00:05:00–00:05:09 UTC");
  });

  test("everything that qualifies the numbers", () => {
    expect(text({ ...app, follow: true }, troubled, null, 200)).toBe(
      "following · 480 requests/s · lag 120 ms · audit.log · 1,000,000 kept of 1,200,000 requests · 200,000 evicted · " +
        "3 bad lines · 1 truncated · 12 duplicates · 2026-11-21 00:05:00–00:05:09 UTC",
    );
  });

  test("how far the events are read that filters wait for", () => {
    expect(text(app, { ...calm, filtering: 0.4349 }, null, 100)).toBe(
      "filtering 43% · audit.log · 10 requests · 2026-11-21 00:05:00–00:05:09 UTC",
    );
  });

  test("short of room it gives up niceties, never what makes numbers doubtful", () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 250 }), fc.boolean(), (width, paused) => {
        const line = statusLine({ ...app, paused }, troubled, paused ? calm : null, width);
        expect(lineWidth(line)).toBeLessThanOrEqual(width);
        expect(lineText(line)).toMatch(/200,000 evicted/);
        expect(lineText(line)).toMatch(/3 bad/);
        expect(lineText(line)).toMatch(/1 (truncated|cut)/);
        if (paused) expect(lineText(line)).toMatch(/^PAUSED/);
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  test("a paused screen says how much it doesn't show", () => {
    expect(text({ ...app, paused: true }, troubled, { ...troubled, requestsSeen: 1_199_000 }, 200)).toMatch(
      /^PAUSED, 1,000 newer · /,
    );
  });

  test("loading shows how far it is; an unreadable input is never silent", () => {
    const loading = { ...calm, phase: "loading" as const, progress: 0.42 };
    expect(text(app, loading, null, 100)).toMatch(/^loading 42.0% · /);
    const failed = { ...calm, inputs: [...calm.inputs, { ...calm.inputs[0]!, error: "no permission" }] };
    expect(text(app, failed, null, 100)).toContain("1 unreadable (:info)");
  });

  test("a quiet log is told as silent, not by its last rate; a missing input and lost bytes are told", () => {
    const [input] = calm.inputs;
    const at = Date.UTC(2026, 10, 21, 0, 14, 51);
    const live = { ...calm, phase: "following" as const, arrivalRate: 16, lagMs: null };
    expect(text(app, { ...live, arrivalRate: 0, silentSinceMs: at }, null, 200)).toMatch(
      /^following off · silent since 00:14:51 · audit.log/,
    );
    const one = { ...input!, path: "cp2/audit.log", state: "following" as const, silentSinceMs: at };
    expect(text(app, { ...live, inputs: [input!, one] }, null, 200)).toMatch(
      /16 requests\/s · audit.log silent since 00:14:51/,
    );
    const gone = { ...input!, state: "waiting" as const, waitingFor: "audit.log is gone" };
    expect(text(app, { ...live, inputs: [gone] }, null, 200)).toContain("waiting: audit.log is gone");
    const lossy = { ...input!, lost: ["audit-1.log.gz: the gzip data ends early"] };
    expect(text(app, { ...live, inputs: [lossy] }, null, 60)).toContain("1 loss (:info)");
  });

  test("what happened lately gives way to what is in flight", () => {
    const live = { ...calm, phase: "following" as const, arrivalRate: 16, inFlight: 38, notes: ["audit.log rotated"] };
    expect(text(app, live, null, 200)).toContain("audit.log rotated");
    expect(text(app, live, null, 200)).toContain("38 in flight");
    for (let width = 60; width < 200; width++) {
      const shown = text(app, live, null, width);
      if (shown.includes("rotated")) expect(shown).toContain("in flight");
    }
  });

  test("a failure is never hidden, and nothing says that all is well", () => {
    const failed = { ...calm, failure: "reading has stopped: Maximum call stack size exceeded" };
    for (let width = 60; width < 200; width++) {
      const shown = text({ ...app, follow: true }, failed, null, width);
      expect(shown).toMatch(/^FAULT/);
      expect(shown).not.toContain("following");
    }
  });
});
