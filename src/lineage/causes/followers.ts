import { SKEW_US, type Life } from "../lives.ts";
import { objectWords } from "../steps.ts";
import { weakest, type CauseKind, type RemovalContext } from "./contract.ts";

/** What the control plane removes on its own follows something else by this much. */
const FOLLOW_US = 10 * 1_000_000;

const DEFINITIONS: ReadonlySet<string> = new Set(["customresourcedefinitions.apiextensions.k8s.io"]);
/** A create may be worked on for as long. */
const REQUEST_US = 120 * 1_000_000;

/** Objects kept in step with another one: Endpoints with their Service, APIServices with their CRD. */
export const follower: CauseKind = {
  name: "owner-deleted (kept in step)",
  explain(context) {
    const { life, removal } = context;
    const { controller } = removal.actor;
    const { resource, namespace, name } = life.record;
    const family = context.families.of(namespace);
    if (controller === "endpoint-controller" && resource === "endpoints") {
      return followed(context, family.find("services", name), "Service");
    }
    if (controller === "endpointslice-controller" && resource.startsWith("endpointslices.")) {
      return followed(context, family.find("services", name.slice(0, -6)), "Service");
    }
    if (controller === "apiserver" && resource.startsWith("apiservices.")) {
      const group = name.slice(name.indexOf(".") + 1);
      const kinds = family.ofKinds(DEFINITIONS).filter(({ record }) => record.name.endsWith(`.${group}`));
      return followed(context, kinds, "CustomResourceDefinition");
    }
    if (controller === "apiserver" && resource.startsWith("ipaddresses.")) return rolledBack(context);
    return null;
  },
};

/** A Service's address is given back when its create failed in the end. */
function rolledBack(context: RemovalContext): ReturnType<CauseKind["explain"]> {
  const { life, removal, store, families } = context;
  store.reading.wants({
    of: "during",
    resource: "services",
    fromUs: removal.timeUs - REQUEST_US,
    toUs: removal.timeUs + SKEW_US,
    users: [],
  });
  for (const namespace of store.namespaces()) {
    for (const service of families.of(namespace).lives) {
      if (service.record.resource !== "services" || service.real) continue;
      const failed = service.touches.find(
        (touch) =>
          touch.verb === "create" &&
          touch.code !== null &&
          touch.code >= 500 &&
          touch.timeUs <= removal.timeUs &&
          removal.timeUs <= Math.max(touch.stageUs, touch.timeUs) + SKEW_US,
      );
      if (failed === undefined) continue;
      const because = `the create of ${objectWords(service)} failed and was rolled back`;
      return {
        verdict: "deleted",
        chain: [context.link(life, removal, because), context.link(service, failed, "")],
        confidence: "likely",
        missing: [],
      };
    }
  }
  return null;
}

function followed(context: RemovalContext, leaders: readonly Life[], kind: string): ReturnType<CauseKind["explain"]> {
  const { life, removal } = context;
  const leader = leaders.findLast(
    (entry) =>
      entry.removal !== null &&
      entry.removal.timeUs <= removal.timeUs + SKEW_US &&
      removal.timeUs - entry.removal.timeUs <= FOLLOW_US,
  );
  const cause = leader === undefined ? null : context.explain(leader);
  if (leader === undefined || cause === null) {
    return {
      verdict: "deleted",
      chain: [context.link(life, removal, `kept in step with its ${kind}`)],
      confidence: "likely",
      missing: [`what happened to its ${kind} is not in this log`],
    };
  }
  return {
    verdict: "owner-deleted",
    chain: [context.link(life, removal, `${objectWords(leader)} was deleted`), ...cause.chain],
    confidence: weakest("likely", cause.confidence),
    missing: cause.missing,
  };
}
