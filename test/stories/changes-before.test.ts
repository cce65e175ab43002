import { expect } from "vitest";
import { DEMO, logsIn } from "../support/log-files.ts";
import { dimensionValues } from "../support/oracle-groups.ts";
import { microsOf, oracleRequests } from "../support/oracle.ts";
import { story } from "./play.ts";

/**
 * Pods of nginx went away at 00:10:25. Known: when. Needed: what people and pipelines had changed just before, and how, with
 * nothing of what controllers do all day. (alice scaled the Deployment from 4 to 2.)
 */
const SAID_ALL_DAY = /^(?:events|leases|(?:token|subjectaccess|selfsubjectaccess|selfsubjectrules)reviews)(?:\.|$)/;
const writes = oracleRequests(logsIn(DEMO)).filter(
  (request) =>
    ["create", "update", "patch", "delete", "deletecollection"].includes(request.verb) &&
    Math.floor((request.code ?? 0) / 100) === 2 &&
    ["human", "serviceaccount", "other"].includes(dimensionValues("actor", request)[0] ?? "") &&
    !SAID_ALL_DAY.test(request.resource) &&
    !["status", "token"].includes(request.subresource) &&
    !request.uri.includes("dryRun=All") &&
    microsOf(request.received) <= microsOf("2026-11-21T00:10:25.073Z"),
);

story("what was changed before", { paths: ["fixtures/demo"] }, async ({ press, see }) => {
  expect(writes.length).toBeGreaterThan(20);
  await press("6", ":", ..."goto 00:10:25.073".split(""), "enter", "w");
  see("Changes before 00:10:25", `${writes.length} writes by people and pipelines`);
  see(/▸ 00:10:25.058 +patch .*nginx .*spec.replicas 4 → 2/);
  see("It changed one field.", /~ spec.replicas +4 → 2/);
  await press("j");
  see(/▸ 00:10:24.596 +delete +pods/, "metadata.deletionTimestamp");
  await press("k", "enter");
  see("Diff", "spec.replicas");
  await press("esc", "esc", ":", ..."changes 00:08:00".split(""), "enter");
  see("Changes before 00:08:00");
  await press(":", ..."changes soon".split(""), "enter");
  see("soon is no time");
});
