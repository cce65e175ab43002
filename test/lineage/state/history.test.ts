import { describe, expect, it } from "vitest";
import { isDryRun } from "../../../src/events/object-key.ts";
import type { LineageEvent } from "../../../src/lineage/event.ts";
import { field, text, type JsonObject, type JsonValue } from "../../../src/lineage/json.ts";
import { differenceOf, withoutManagedFields } from "../../../src/lineage/state/difference.ts";
import { diffOf, type StateRequest } from "../../../src/lineage/state/history.ts";
import { describeShared } from "../../support/shared-data.ts";
import { assemble, DEMO, lineageEvent, readEvents } from "../read-log.ts";

function stateRequest(event: LineageEvent): StateRequest {
  return {
    verb: event.verb,
    resource: event.resource,
    subresource: event.subresource,
    code: event.code,
    uri: event.uri,
    dryRun: isDryRun(event.uri),
    bodiesTruncated: false,
    requestBody: event.requestBody(),
    responseBody: event.responseBody(),
    receivedUs: event.receivedUs,
  };
}

const WRITES = ["create", "update", "patch", "delete"];

/** Writes on every name, in the order in which they were stored where the answer tells. */
function histories(path: string): Map<string, StateRequest[]> {
  const byName = new Map<string, { order: number; request: StateRequest }[]>();
  assemble(readEvents(path)).forEach((event, seq) => {
    const facts = lineageEvent(event, seq);
    if (!WRITES.includes(facts.verb) || facts.resource.startsWith("events")) return;
    const request = stateRequest(facts);
    const name = facts.name === "" ? text(request.responseBody, "metadata", "name") : facts.name;
    const key = `${facts.resource} ${facts.namespace}/${name}`;
    const known = byName.get(key) ?? [];
    known.push({ order: facts.stageUs, request });
    byName.set(key, known);
  });
  return new Map(
    [...byName].map(([key, entries]) => [
      key,
      entries.sort((left, right) => left.order - right.order).map((entry) => entry.request),
    ]),
  );
}

function essence(state: JsonValue): JsonValue {
  const copy = JSON.parse(JSON.stringify(withoutManagedFields(state))) as { metadata?: Record<string, JsonValue> };
  delete copy.metadata?.["resourceVersion"];
  delete copy.metadata?.["generation"];
  return copy as JsonValue;
}

/** Share of patches whose result, worked out without the answer, equals the answer. */
function rebuildShare(path: string): { right: number; total: number } {
  let right = 0;
  let total = 0;
  for (const requests of histories(path).values()) {
    for (let at = 1; at < requests.length && at < 14; at += 1) {
      const request = requests[at];
      if (request === undefined || request.verb !== "patch" || request.code !== 200 || request.dryRun) continue;
      const full = request.responseBody;
      const partial = ["Scale", "PartialObjectMetadata"].includes(text(full, "kind"));
      if (partial || field(full, "metadata", "uid") === undefined) continue;
      const diff = diffOf([...requests.slice(0, at), { ...request, responseBody: null }], at);
      if (diff.before === null || text(diff.before, "metadata", "uid") !== text(full, "metadata", "uid")) continue;
      total += 1;
      if (diff.after !== null && differenceOf(essence(diff.after), essence(full)).length === 0) right += 1;
    }
  }
  return { right, total };
}

describe("states worked out from patches alone", () => {
  it("equal what the API server answered, in the demo log", () => {
    const { right, total } = rebuildShare(DEMO);
    expect(total).toBeGreaterThan(200);
    expect(right / total).toBeGreaterThanOrEqual(0.98);
  });

  describeShared("under concurrent writers", ["data/cluster/V/audit.log.gz"], (log) => {
    it("nearly always do", () => {
      const { right, total } = rebuildShare(log);
      expect(total).toBeGreaterThan(2_000);
      expect(right / total).toBeGreaterThanOrEqual(0.9);
    });
  });
});

describe("what a request of the demo log changed", () => {
  const all = histories(DEMO);
  const nginx = all.get("deployments.apps demo/nginx") ?? [];
  const find = (match: (request: StateRequest) => boolean): number => nginx.findIndex(match);

  it("an image", () => {
    const at = find(
      (request) => JSON.stringify(request.requestBody).includes("nginx:1.26") && request.verb === "patch",
    );
    const diff = diffOf(nginx, at);
    expect(diff).toMatchObject({ outcome: "changed", guessed: false, patch: "strategic", missing: [] });
    expect(diff.changes.filter((change) => change.path.startsWith("spec"))).toEqual([
      {
        path: "spec.template.spec.containers[name=nginx].image",
        kind: "changed",
        before: "nginx:1.25",
        after: "nginx:1.26",
      },
    ]);
    expect(JSON.stringify(diff.after)).not.toContain("managedFields");
    expect(JSON.stringify(diffOf(nginx, at, { managedFields: true }).after)).toContain("managedFields");
  });

  it("replicas, through the scale subresource", () => {
    const at = find((request) => request.subresource === "scale" && !request.dryRun);
    const diff = diffOf(nginx, at);
    expect(diff).toMatchObject({ outcome: "changed", guessed: true, verified: true });
    expect(diff.changes).toEqual([{ path: "spec.replicas", kind: "changed", before: 2, after: 4 }]);
  });

  it("nothing: a dry run, a refusal", () => {
    const dry = find((request) => request.dryRun);
    const diff = diffOf(nginx, dry);
    expect(diff.changes).toEqual([{ path: "spec.replicas", kind: "changed", before: 2, after: 9 }]);
    expect(diff.missing).toContain("a dry run: shown is what it would have changed");
    const after = diffOf(nginx, dry + 1);
    expect(JSON.stringify(after.before)).not.toContain('"replicas":9,"selector"');
    const refused = find((request) => request.code === 422);
    expect(diffOf(nginx, refused)).toMatchObject({
      outcome: "unchanged",
      changes: [],
      missing: ["answered 422: it changed nothing"],
    });
  });

  it("a creation and a deletion", () => {
    expect(diffOf(nginx, 0)).toMatchObject({ outcome: "created", before: null });
    expect(diffOf(nginx, nginx.length - 1)).toMatchObject({ outcome: "deleted", after: null });
  });
});

const request = (part: Partial<StateRequest>): StateRequest => ({
  verb: "patch",
  resource: "configmaps",
  subresource: "",
  code: 200,
  uri: "/api/v1/namespaces/demo/configmaps/a",
  dryRun: false,
  bodiesTruncated: false,
  requestBody: null,
  responseBody: null,
  receivedUs: 0,
  ...part,
});

const stored = (data: JsonObject, resourceVersion: string): JsonObject => ({
  kind: "ConfigMap",
  apiVersion: "v1",
  metadata: { name: "a", uid: "u", resourceVersion },
  data,
});

describe("poor bodies", () => {
  it("never make a diff against nothing", () => {
    const blind = diffOf([request({})], 0);
    expect(blind).toMatchObject({ outcome: "unknown", changes: [], before: null, after: null });
    expect(blind.missing).toEqual([
      "no bodies in the log: needs RequestResponse level for configmaps",
      "the state before it is not in the log: nothing to compare with",
    ]);
    const cut = diffOf([request({ responseBody: stored({ a: "1" }, "1") }), request({ bodiesTruncated: true })], 1);
    expect(cut.changes).toEqual([]);
    expect(cut.missing).toEqual(["the API server dropped the bodies of this request (truncated)"]);
  });

  it("are verified against the next full body", () => {
    const first = request({ responseBody: stored({ a: "1" }, "1") });
    const guess = request({ requestBody: { data: { a: "2", b: null } } });
    const right = request({ requestBody: { data: { c: "3" } }, responseBody: stored({ a: "2", c: "3" }, "3") });
    const wrong = request({ requestBody: { data: { c: "3" } }, responseBody: stored({ a: "9", c: "3" }, "4") });
    expect(diffOf([first, guess, right], 1)).toMatchObject({ guessed: true, verified: true });
    expect(diffOf([first, guess, wrong], 1)).toMatchObject({ guessed: true, verified: false });
    expect(diffOf([first, guess], 1)).toMatchObject({ guessed: true, verified: null });
  });

  it("tell a write that changed nothing", () => {
    const first = request({ responseBody: stored({ a: "1" }, "7") });
    const again = request({ requestBody: { data: { a: "1" } }, responseBody: stored({ a: "1" }, "7") });
    expect(diffOf([first, again], 1)).toMatchObject({ outcome: "unchanged", changes: [] });
  });

  it("keep a key __proto__ a key", () => {
    const hostile = JSON.parse('{"data":{"__proto__":"x","constructor":"y"}}') as JsonValue;
    const first = request({ responseBody: stored({ a: "1" }, "1") });
    const { after } = diffOf([first, request({ requestBody: hostile })], 1);
    expect(JSON.stringify(after)).toContain('"__proto__":"x"');
    expect(({} as Record<string, unknown>)["a"]).toBeUndefined();
  });
});
