import type { RequestFacts } from "../events/request.ts";
import { field, type JsonValue, list, text } from "../lineage/json.ts";
import type { Sighting } from "./contract.ts";

const CREDENTIAL = "authentication.kubernetes.io/credential-id";

/** `event`: the original, parsed; undefined where it was not read, or is no JSON any more. */
export function sightingOf(facts: RequestFacts, event: unknown): Sighting {
  const audit = event as JsonValue | undefined;
  const [credential] = list(field(audit, "user", "extra"), CREDENTIAL);
  return {
    facts,
    auditID: text(audit, "auditID"),
    request: field(audit, "requestObject"),
    response: field(audit, "responseObject"),
    message: text(field(audit, "responseStatus"), "message"),
    credential: typeof credential === "string" ? credential : "",
  };
}
