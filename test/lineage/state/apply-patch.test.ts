import { describe, expect, it } from "vitest";
import type { JsonValue } from "../../../src/lineage/json.ts";
import { applyPatch, patchKindOf } from "../../../src/lineage/state/apply-patch.ts";

describe("the kind of a patch", () => {
  it.each<[string, JsonValue, string, string, string]>([
    ["json", [{ op: "add", path: "/a", value: 1 }], "pods", "/x", "a list of operations"],
    ["apply", { apiVersion: "v1", kind: "Pod" }, "pods", "/x?fieldManager=me&force=false", "force= and a whole object"],
    ["strategic", { spec: { "$setElementOrder/containers": [] } }, "pods", "/x", "a directive"],
    ["strategic", { metadata: { ownerReferences: [{ $patch: "delete", uid: "u" }] } }, "pods", "/x", "$patch"],
    [
      "strategic",
      { spec: { containers: [{ name: "a" }] } },
      "deployments.apps",
      "/x",
      "a keyed list of a built-in kind",
    ],
    ["merge", { spec: { containers: [{ name: "a" }] } }, "widgets.example.com", "/x", "custom resources have no keys"],
    ["merge", { data: { a: "1" } }, "configmaps", "/x", "plain fields"],
  ])("%s: %s", (kind, patch, resource, uri) => {
    expect(patchKindOf(patch, resource, uri)).toBe(kind);
  });
});

describe("strategic merge", () => {
  const state = {
    metadata: { finalizers: ["a", "b"], ownerReferences: [{ uid: "1" }, { uid: "2" }] },
    spec: {
      containers: [
        { name: "x", image: "1" },
        { name: "y", image: "1" },
      ],
      strategy: { type: "RollingUpdate", rollingUpdate: {} },
    },
  };
  const apply = (patch: JsonValue): JsonValue =>
    JSON.parse(JSON.stringify(applyPatch(state, patch, "strategic"))) as JsonValue;

  it("joins lists by their key and follows $setElementOrder", () => {
    const patch = {
      spec: {
        "$setElementOrder/containers": [{ name: "y" }, { name: "z" }, { name: "x" }],
        containers: [
          { name: "x", image: "2" },
          { name: "z", image: "3" },
        ],
      },
    };
    expect(apply(patch)).toMatchObject({
      spec: {
        containers: [
          { name: "y", image: "1" },
          { name: "z", image: "3" },
          { name: "x", image: "2" },
        ],
      },
    });
  });

  it("deletes elements, values and fields", () => {
    expect(apply({ metadata: { ownerReferences: [{ $patch: "delete", uid: "1" }] } })).toMatchObject({
      metadata: { ownerReferences: [{ uid: "2" }] },
    });
    expect(apply({ metadata: { "$deleteFromPrimitiveList/finalizers": ["a"] } })).toMatchObject({
      metadata: { finalizers: ["b"] },
    });
    expect(apply({ metadata: { "$deleteFromPrimitiveList/finalizers": ["a", "b"] } })).toHaveProperty("metadata", {
      ownerReferences: [{ uid: "1" }, { uid: "2" }],
    });
    expect(apply({ spec: { strategy: { $retainKeys: ["type"], type: "Recreate" } } })).toMatchObject({
      spec: { strategy: { type: "Recreate" } },
    });
    expect(apply({ spec: { strategy: null } })).toHaveProperty("spec", { containers: state.spec.containers });
    expect(apply({ spec: { containers: [{ $patch: "replace" }, { name: "q" }] } })).toMatchObject({
      spec: { containers: [{ name: "q" }] },
    });
  });
});

describe("JSON patch", () => {
  const state = { a: [1, 2], "b/c": { "d~e": 1 } };

  it.each<[JsonValue, JsonValue]>([
    [[{ op: "add", path: "/a/-", value: 3 }], { a: [1, 2, 3], "b/c": { "d~e": 1 } }],
    [[{ op: "add", path: "/a/0", value: 0 }], { a: [0, 1, 2], "b/c": { "d~e": 1 } }],
    [[{ op: "replace", path: "/b~1c/d~0e", value: 2 }], { a: [1, 2], "b/c": { "d~e": 2 } }],
    [[{ op: "remove", path: "/a/1" }], { a: [1], "b/c": { "d~e": 1 } }],
    [[{ op: "move", from: "/a", path: "/f" }], { "b/c": { "d~e": 1 }, f: [1, 2] }],
    [[{ op: "copy", from: "/a/0", path: "/g" }], { a: [1, 2], "b/c": { "d~e": 1 }, g: 1 }],
    [
      [
        { op: "test", path: "/a/0", value: 1 },
        { op: "remove", path: "/b~1c" },
      ],
      { a: [1, 2] },
    ],
  ])("%j", (patch, expected) => {
    expect(JSON.parse(JSON.stringify(applyPatch(state, patch, "json")))).toEqual(expected);
  });

  it.each<[JsonValue]>([
    [[{ op: "test", path: "/a/0", value: 9 }]],
    [[{ op: "remove", path: "/no/such" }]],
    [[{ op: "replace", path: "/a/7", value: 1 }]],
    [[{ op: "dance", path: "/a" }]],
    [["x"]],
  ])("%j does not fit", (patch) => {
    expect(applyPatch(state, patch, "json")).toBeNull();
  });
});
