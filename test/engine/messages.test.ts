import { expect, test } from "vitest";
import { createEngine } from "../../src/engine/create-engine.ts";
import { parseQuery } from "../../src/queries/parse-filter.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { oracleRequests } from "../support/oracle.ts";

test("what refused requests were told, by kind, the newest of each at hand", async () => {
  const engine = createEngine({ inputs: [DEMO] });
  await engine.loaded();
  const filter = parseQuery("code:403");
  const refused = oracleRequests(logsIn(DEMO)).filter(({ code }) => code === 403);
  const all = await engine.ask("messages", { filter, limit: 10_000 });
  expect(all).toMatchObject({ requests: refused.length, read: refused.length, unreadable: 0 });
  expect(all.rows.reduce((sum, { requests }) => sum + requests, 0) + all.withoutMessage).toBe(refused.length);
  expect(all.rows[0]?.text).toMatch(/^secrets is forbidden: User "…" cannot list resource "…"/);
  const newest = await engine.ask("messages", { filter, limit: 10 });
  expect(newest).toMatchObject({ requests: refused.length, read: 10 });
  for (const { seq } of newest.rows) expect((await engine.ask("request", { seq }))?.facts.code).toBe(403);
  await engine.close();
});
