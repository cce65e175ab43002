import { expect } from "vitest";
import { DEMO, logsIn } from "../support/log-files.ts";
import { oracleRequests } from "../support/oracle.ts";
import { story } from "./play.ts";

/**
 * On call, paged for 401s. Known: nothing but the code. Needed: since when, from which addresses (nodes whose certificates ran
 * out have one each), asking for what, and why.
 */
const refused = oracleRequests(logsIn(DEMO)).filter(({ code }) => code === 401);
const addresses = new Map<string, number>();
for (const { sourceIPs } of refused) {
  const ip = sourceIPs.at(-1) ?? "";
  addresses.set(ip, (addresses.get(ip) ?? 0) + 1);
}

story("401s: since when, from where, why", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  expect([...addresses.values()].toSorted()).toEqual([3, 6, 9]);
  await press("3", "j", "j");
  see(/▸ 401 +Unauthorized +18 /, "401 Unauthorized  18 requests, first 00:07:14, last 00:12:56");
  await press("enter");
  for (const [ip, requests] of addresses) see(new RegExp(`${ip.replaceAll(".", String.raw`\.`)} +${requests}\\b`));
  see(/curl\/7\.88\.1 +10/, /kubectl\/v1\.36\.2 .* 3\b/);
  // The first address is under the cursor: its requests, then one of them.
  await press("enter");
  see('[ip:"127.0.0.66"]', "00:07:14.073", "00:12:54.938");
  await press("enter");
  see("nobody: the request was not authenticated", /missing, expired or unknown/);
});
