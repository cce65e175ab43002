import { expect } from "vitest";
import { DEMO, logsIn } from "../support/log-files.ts";
import { microsOf, oracleRequests } from "../support/oracle.ts";
import { story } from "./play.ts";

/**
 * "It was fine until 00:10." Known: only that. Needed: who is new since then, what they do, how it ends, and a note of it for
 * the post-mortem.
 */
const since = microsOf("2026-11-21T00:10:00Z");
const burst = oracleRequests(logsIn(DEMO)).filter(({ user }) => user === "system:serviceaccount:load:burst");

story("who is new since 00:10", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  expect(burst.every(({ received }) => microsOf(received) >= since)).toBe(true);
  await press(":compare 00:03..00:10 00:10..00:17", "enter");
  see("Compare by who", /▸ load\/burst +· +1,446 +new/, /0 → 706/);
  await press("enter");
  see('[who:"load/burst"]', /1 of 1,446/, /list +configmaps/);
  await press("e");
  see(/▸ [\d:.]+ +429 +list +configmaps/);
  await press("a", "the first of 706 refusals", "enter", "G", "m", ":marks", "enter");
  see("2 marked, 1 with a note", /429 +list/);
});
