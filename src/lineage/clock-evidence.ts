import { ServerClocks } from "./clocks.ts";
import type { Bodies, LineageEvent } from "./event.ts";
import { field, text } from "./json.ts";
import { isKubernetesEvent } from "../events/kubernetes-event.ts";
import { versionNumber } from "./versions.ts";

/** Objects whose last update is remembered: leases and what controllers write again and again. */
const MAX_OBJECTS = 4_096;
/** Samples of one API server closer than this tell little more. */
const APART_US = 10_000;

/**
 * Collects what requests tell about the clocks of their API servers. Answers carry the version a write led to; without
 * them an update still names the version it was made from, which was not there yet when the same object was updated before.
 */
export class ClockEvidence {
  readonly clocks = new ServerClocks();
  private readonly updates = new Map<string, { readonly us: number; readonly base: number }>();
  private readonly sampledUs = new Map<string, number>();

  /** Whether a request may tell something, before its bodies are at hand. */
  wants({ apiserver, verb, resource, subresource, code, receivedUs }: LineageEvent): boolean {
    if (apiserver === "" || code === null || code >= 300 || isKubernetesEvent(resource)) return false;
    if (!(verb === "update" ? subresource === "" || subresource === "status" : verb === "create" && subresource === ""))
      return false;
    return !(Math.abs(receivedUs - (this.sampledUs.get(apiserver) ?? 0)) < APART_US);
  }

  /** Only what `wants` accepts. */
  hear(event: LineageEvent, bodies: Bodies): void {
    const { apiserver, verb, receivedUs, stageUs } = event;
    this.sampledUs.set(apiserver, receivedUs);
    const answer = bodies.responseBody();
    const led = versionNumber(text(field(answer, "metadata"), "resourceVersion"));
    if (verb === "create") {
      if (!Number.isNaN(led)) this.clocks.add(apiserver, { version: led, fromUs: receivedUs, toUs: stageUs });
      return;
    }
    const base = bodies.baseVersion();
    if (Number.isNaN(base)) return;
    // An update that changes nothing leads to the version it was made from.
    if (led > base) this.clocks.add(apiserver, { version: led, fromUs: receivedUs, toUs: stageUs });
    const key = `${apiserver}\0${event.resource}\0${event.subresource}\0${event.namespace}\0${event.name}`;
    const before = this.updates.get(key);
    if (before !== undefined && base > before.base)
      this.clocks.add(apiserver, { version: base, fromUs: before.us, toUs: receivedUs });
    if (this.updates.size >= MAX_OBJECTS) this.updates.clear();
    this.updates.set(key, { us: receivedUs, base });
  }
}
