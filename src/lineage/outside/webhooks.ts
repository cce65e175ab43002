import { parseJson } from "../../events/json.ts";
import { asObject, list, text, type JsonValue } from "../json.ts";

/** Webhook configurations, both kinds. */
export const WEBHOOK_CONFIGURATIONS: ReadonlySet<string> = new Set([
  "mutatingwebhookconfigurations.admissionregistration.k8s.io",
  "validatingwebhookconfigurations.admissionregistration.k8s.io",
]);

/** A webhook that is known to have had a say in a request. */
export interface WebhookCall {
  /** "" where only the webhook is named. */
  readonly configuration: string;
  readonly webhook: string;
  /** `changed it`, `refused it`, `could not be called` */
  readonly did: string;
}

const CHANGED = "mutation.webhook.admission.k8s.io/";
const MOST_CALLS = 8;
const LONGEST_NAME = 253;
const FAILED_OPEN = /^failed-open\.(?:mutation|validating)\.webhook\.admission\.k8s\.io\//;

/** By the annotations the API server puts on an event; null where no webhook is named. */
export function callsIn(annotations: JsonValue): readonly WebhookCall[] | null {
  const calls: WebhookCall[] = [];
  for (const [key, value] of Object.entries(asObject(annotations) ?? {})) {
    if (calls.length >= MOST_CALLS) break;
    if (typeof value !== "string") continue;
    if (FAILED_OPEN.test(key)) calls.push({ configuration: "", webhook: name(value), did: "could not be called" });
    if (!key.startsWith(CHANGED)) continue;
    const told = read(value);
    const did = asObject(told)?.["mutated"] === true ? "changed it" : "was asked";
    calls.push({ configuration: name(text(told, "configuration")), webhook: name(text(told, "webhook")), did });
  }
  return calls.length === 0 ? null : calls;
}

/** As the API server words it when a webhook refuses, or cannot be asked. */
const REFUSED = /admission webhook "([^"]{1,253})" denied the request/;
const FAILED = /failed calling webhook "([^"]{1,253})"/;

export function callInFailure(failure: string): WebhookCall | null {
  const refused = REFUSED.exec(failure)?.[1];
  if (refused !== undefined) return { configuration: "", webhook: refused, did: "refused it" };
  const failed = FAILED.exec(failure)?.[1];
  return failed === undefined ? null : { configuration: "", webhook: failed, did: "could not be called" };
}

/** Names of the webhooks of a configuration. */
export function webhooksOf(object: JsonValue): readonly string[] {
  return list(object, "webhooks")
    .slice(0, 256)
    .map((webhook) => name(text(webhook, "name")));
}

function name(value: string): string {
  return value.slice(0, LONGEST_NAME);
}

function read(value: string): JsonValue {
  try {
    return parseJson(value) as JsonValue;
  } catch {
    return null;
  }
}
