import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { MATCH_ALL } from "../../src/queries/contract.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";

/** Two clusters whose clients choose the same auditIDs: only what is the same event to the microsecond is one. */
const directory = mkdtempSync(join(tmpdir(), "ktrail-clusters-"));
const paths = ["a.log", "b.log"].map((name) => join(directory, name));

function event(id: string, second: number, user: string, tookMs = 0): string {
  const at = (ms: number): string => new Date(Date.UTC(2026, 10, 21, 0, 0, second, ms)).toISOString();
  return `${JSON.stringify({
    kind: "Event",
    apiVersion: "audit.k8s.io/v1",
    level: "Metadata",
    auditID: id,
    stage: "ResponseComplete",
    requestURI: "/api/v1/pods",
    verb: "list",
    user: { username: user },
    responseStatus: { code: 200 },
    requestReceivedTimestamp: at(0),
    stageTimestamp: at(tookMs),
  })}\n`;
}

beforeAll(() => {
  const [a = "", b = ""] = paths;
  writeFileSync(a, event("same", 1, "alice") + event("copied", 5, "alice") + event("at-once", 9, "alice", 4));
  writeFileSync(b, event("same", 2, "bob") + event("copied", 5, "alice") + event("at-once", 9, "bob", 11));
});
afterAll(() => rmSync(directory, { recursive: true }));

test("requests of two clusters stay apart; an event both logs have is one, and is said to be", async () => {
  const engine = createEngine({ inputs: paths });
  await engine.loaded();
  const [a = "", b = ""] = paths;
  const result = await engine.ask("compare", {
    filter: MATCH_ALL,
    a: { filter: parseQuery(`input:"${a}"`) },
    b: { filter: parseQuery(`input:"${b}"`) },
    by: ["user"],
  });
  expect(result.a.requests + result.b.requests).toBe(5);
  expect(engine.status.duplicates).toBe(1);
  expect(result.rows.map(({ key, change }) => [key["user"], change])).toContainEqual(["bob", "new"]);
  const same = await engine.ask("rows", { filter: parseQuery("id:same") });
  expect(same.rows.map(({ user }) => user).toSorted()).toEqual(["alice", "bob"]);
  const atOnce = await engine.ask("rows", { filter: parseQuery("id:at-once") });
  expect(atOnce.rows.map(({ user, latencyMs }) => `${user} ${latencyMs}`).toSorted()).toEqual(["alice 4", "bob 11"]);
  await engine.close();
});
