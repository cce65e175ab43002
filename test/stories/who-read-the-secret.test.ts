import { expect } from "vitest";
import { DEMO, logsIn } from "../support/log-files.ts";
import { oracleRequests } from "../support/oracle.ts";
import { story } from "./play.ts";

/**
 * A database password may have leaked. Known: secret `db-password` in `demo`. Needed: which people got it, lists of all
 * secrets included, when, and by which right. (mallory got it through a binding that existed for a second.)
 */
const reads = oracleRequests(logsIn(DEMO)).filter(
  ({ resource, verb, code, user, name, namespace }) =>
    resource === "secrets" &&
    ["get", "list", "watch"].includes(verb) &&
    code === 200 &&
    (user.includes("@") || user === "kubernetes-admin") &&
    (name === "" || name === "db-password") &&
    (namespace === "" || namespace === "demo"),
);

story("who read that secret", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  expect(reads.map(({ user }) => user)).toContain("mallory@example.com");
  await press("/", "resource:secrets verb:get,list,watch code:2xx actor:human", "enter", "6");
  see(`1 of ${reads.length}`);
  for (const { received, verb } of reads) see(new RegExp(`${received.slice(11, 23)} +200 +${verb} +secrets`));
  see("bob@", "alice@", "mallory@", "carol@");
  await press("j", "j", "j", "j", "A");
  see(/ClusterRoleBinding +oops/, /ClusterRole +cluster-admin/);
});
