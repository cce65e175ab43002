import type { RequestFacts } from "../events/request.ts";
import { field, type JsonValue, list, text } from "../lineage/json.ts";
import type { Sighting } from "./contract.ts";

const CREDENTIAL = "authentication.kubernetes.io/credential-id";

/** `event`: the original, parsed; undefined where it was not read, or is no JSON any more. */
export function sightingOf(facts: RequestFacts, event: unknown): Sighting {
  const audit = event as JsonValue | undefined;
  return {
    facts,
    auditID: text(audit, "auditID"),
    request: field(audit, "requestObject"),
    response: field(audit, "responseObject"),
    message: text(field(audit, "responseStatus"), "message"),
    credential: credentialOf(field(audit, "user", "extra")),
  };
}

/** Of the `extra` of who asked; "" where it names none. */
export function credentialOf(extra: JsonValue | undefined): string {
  const [credential] = list(extra, CREDENTIAL);
  return typeof credential === "string" ? credential : "";
}
