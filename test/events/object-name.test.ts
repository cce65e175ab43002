import { assert, constantFrom, pre, property, string } from "fast-check";
import { describe, expect, test } from "vitest";
import { objectOfText, objectText } from "../../src/events/object-key.ts";
import { objectName } from "../../src/events/object-name.ts";
import { BUILT_IN_GROUPS, groupsServing, resolveResource, wordFor } from "../../src/events/resource-names.ts";

const NAMED = { namespace: "demo", name: "nginx" };

describe("an object's name", () => {
  test.each([
    [{ ...NAMED, resource: "deployments.apps" }, "deploy/nginx -n demo"],
    [{ ...NAMED, resource: "deployments.apps", subresource: "scale" }, "deploy/nginx/scale -n demo"],
    [{ ...NAMED, resource: "pods" }, "pod/nginx -n demo"],
    [{ ...NAMED, resource: "pods", name: "" }, "pods -n demo"],
    [{ ...NAMED, resource: "widgets.example.com" }, "widgets.example.com/nginx -n demo"],
    // The API server writes a namespace's own name into both.
    [{ resource: "namespaces", namespace: "demo", name: "demo" }, "ns/demo"],
    [{ resource: "nodes", namespace: "", name: "worker-1" }, "node/worker-1"],
    [{ resource: "deployments.extensions", namespace: "", name: "old" }, "deployments.extensions/old"],
    [{ resource: "", namespace: "", name: "" }, ""],
  ])("of %j is %s", (object, text) => {
    expect(objectName(object)).toBe(text);
  });

  test("begins with a word that means this resource and no other", () => {
    const resources = BUILT_IN_GROUPS.flatMap((group) =>
      ["pods", "deployments", "events", "nodes", "ingresses", "horizontalpodautoscalers", "leases", "networkpolicies"]
        .filter((plural) => groupsServing(plural).includes(group))
        .map((plural) => (group === "" ? plural : `${plural}.${group}`)),
    );
    expect(resources.length).toBeGreaterThan(10);
    for (const resource of resources) expect(resolveResource(wordFor(resource))[0]).toBe(resource);
  });
});

test("the parts of an object's key come back from it, whatever the names", () => {
  const part = string({ unit: constantFrom("a", "-", "/", "%", "2F", ".") });
  assert(
    property(part, part, part, (resource, namespace, name) => {
      pre(resource !== "" && name !== "");
      expect(objectOfText(objectText(resource, namespace, name))).toEqual({ resource, namespace, name });
    }),
  );
});
