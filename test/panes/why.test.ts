import { describe, expect, it } from "vitest";
import { WHY_VERDICTS, type WhyLink, type WhyResult } from "../../src/lineage/contract.ts";
import type { PaneView } from "../../src/panes/contract.ts";
import { whyPane } from "../../src/panes/why/index.ts";
import { answered, contextFor, drawn } from "./context.ts";

function link(what: string, by: string, change: Partial<WhyLink> = {}): WhyLink {
  return {
    t: "2026-11-21T00:09:32.308Z",
    object: "pod/web-1 -n demo",
    what,
    by,
    actorClass: "human",
    auditID: `${what}-${by}`,
    because: "",
    seq: 5,
    ip: "10.0.0.1",
    useragent: "kubectl/v1.36",
    ...change,
  };
}

function result(change: Partial<WhyResult> = {}): WhyResult {
  return {
    object: "pod/web-1 -n demo",
    verdict: "deleted",
    chain: [link("deleted", "alice")],
    confidence: "certain",
    ...change,
  };
}

function view(given: WhyResult, size: { width?: number; height?: number; cursorIndex?: number } = {}): PaneView {
  const { width = 100, height = 30, cursorIndex = 0 } = size;
  const frame = { pane: "why", params: { object: "pod/web-1", namespace: "demo" }, cursorIndex };
  return whyPane.view(contextFor({ width, height, frame }), answered({ why: given }));
}

describe("why", () => {
  it("says the verdict in one sentence with the one who began it", () => {
    expect(drawn(view(result()))).toContain("It was deleted by alice.");
    const chain = [link("deleted", "controller"), link("scaled 4 → 2", "bob", { object: "deploy/web -n demo" })];
    expect(drawn(view(result({ verdict: "scaled-down", chain }), { width: 140 }))).toContain(
      "First cause: bob, scaled 4 → 2 (deploy/web -n demo).",
    );
  });

  it("has words for every verdict, with and without a chain", () => {
    for (const verdict of WHY_VERDICTS)
      for (const chain of [[], [link("x", "y")]]) {
        const said = drawn(view(result({ verdict, chain })));
        expect(said).toMatch(/\|(?:It |Its |The log )[^]*\./);
      }
  });

  it("shows who, from where, as whom and because of what", () => {
    const said = drawn(
      view(result({ chain: [link("deleted", "alice", { asFrom: "bob", because: "deleted directly" })] })),
    );
    expect(said).toMatch(/by +alice \(really bob\)/);
    expect(said).toMatch(/from +10\.0\.0\.1 · kubectl\/v1\.36/);
    expect(said).toMatch(/because +deleted directly/);
  });

  it("names what the log does not prove, and finalizers that are left", () => {
    const said = drawn(view(result({ verdict: "stuck", finalizers: ["x/y"], missing: ["needs Request level"] })));
    expect(said).toContain("Finalizers left  x/y");
    expect(said).toContain("needs Request level");
  });

  it("keeps the link under the cursor on the screen, and opens its request", () => {
    const chain = Array.from({ length: 9 }, (_, at) => link(`step ${at}`, "alice", { seq: at }));
    for (let cursorIndex = 0; cursorIndex < chain.length; cursorIndex += 1) {
      const seen = view(result({ verdict: "rollout", chain }), { height: 14, width: 60, cursorIndex });
      expect(seen.cursorLine).not.toBeNull();
      expect(seen.lines[seen.cursorLine ?? 0]?.some((part) => part.text === `step ${cursorIndex}`)).toBe(true);
      expect(seen.selection.enter?.frame.params["seq"]).toBe(String(cursorIndex));
    }
  });

  it("leads to the lives before and after", () => {
    const otherLives = [
      { id: "later", created: "2026-11-21T00:12:00Z", deleted: null },
      { id: "earlier", created: "2026-11-21T00:01:00Z", deleted: "2026-11-21T00:02:00Z" },
      { id: "earliest", created: "2026-11-21T00:00:01Z", deleted: "2026-11-21T00:00:02Z" },
    ];
    const { jumps } = view(result({ id: "own", otherLives }));
    expect(jumps?.["next-life"]?.id).toBe("later");
    expect(jumps?.["previous-life"]?.id).toBe("earlier");
  });
});
