import { describe, test } from "vitest";
import { sharedLog } from "../lineage/read-log.ts";
import { story } from "./play.ts";

/**
 * Controllers are slow and the log is full of 409. Known: the code. Needed: who fights for which objects, how often, since
 * when, and whether it is one object or all.
 */
const log = sharedLog("cluster/V/audit.log.gz");

if (log === null)
  describe("a storm of 409s", () => test.skip("skipped: ../shared/data/cluster/V is not there", () => {}));
else
  story("a storm of 409s", { paths: [log] }, async ({ press, see }) => {
    see(/▸ 409 .*1,275/);
    await press(":codes 409", "enter");
    see("409 Conflict  1,741 requests, first 00:21:58, last 00:28:57", /controller +update +deploym\S* +1,275/);
    await press("B", "o");
    see(/requests▼/, /[\d,]+ objects · 1,275 requests/);
  });
