import { describeShared } from "../support/shared-data.ts";
import { story } from "./play.ts";

/**
 * Controllers are slow and the log is full of 409. Known: the code. Needed: who fights for which objects, how often, since
 * when, and whether it is one object or all.
 */
describeShared("in the volume log", ["data/cluster/V/audit.log.gz"], (log) => {
  story("a storm of 409s", { paths: [log] }, async ({ press, see }) => {
    see(/▸ 409 .*1,275/);
    await press(":codes 409", "enter");
    see("409 Conflict  1,741 requests, first 00:21:58, last 00:28:57", /controller +update +deploym\S* +1,275/);
    await press("B", "o");
    see(/requests▼/, /[\d,]+ objects · 1,275 requests/);
  });
});
