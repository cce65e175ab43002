import { describe, expect, it } from "vitest";
import type { DiedWith } from "../../src/lineage/contract.ts";
import { diedNames, diedWords, heldWords } from "../../src/panes/died-with.ts";
import { DEMO, lineageOf, readEvents } from "./read-log.ts";
import {
  CONFIGMAP,
  DEPLOYMENT,
  DEPLOYMENT_CONTROLLER,
  type Kind,
  REPLICASET,
  Story,
  type Stored,
} from "./stories/story.ts";
import { DORA } from "./stories/web.ts";

const BOB = "bob@example.com";
const CLEANER = "system:serviceaccount:kube-system:namespace-controller";
const NAMESPACE: Kind = ["namespaces", "Namespace", "v1"];

function died(story: Story): DiedWith | undefined {
  const lineage = lineageOf(story.events(), { raw: true });
  const { died: told } = lineage.trail("ns/shop") ?? {};
  expect(lineage.why("ns/shop")?.died).toEqual(told);
  return told;
}

/** A namespace with a Deployment and its ReplicaSet, a ConfigMap gone before, and one that a finalizer holds. */
function shop(): { story: Story; space: Stored; held: Stored; rest: readonly Stored[] } {
  const story = new Story("RequestResponse", "died");
  const space = story.create(BOB, NAMESPACE, "", "shop");
  const web = story.create(DORA, DEPLOYMENT, "shop", "web", { spec: { replicas: 1 } });
  const set = story.create(DEPLOYMENT_CONTROLLER, REPLICASET, "shop", "web-6b7c8d9f5", { owner: web });
  const before = story.create(DORA, CONFIGMAP, "shop", "before");
  const held = story.create(DORA, CONFIGMAP, "shop", "held", { finalizers: ["example.com/guard"] });
  story.create(DORA, CONFIGMAP, "elsewhere", "other");
  story.remove(DORA, before);
  story.wait(60);
  story.remove(BOB, space);
  story.wait(5);
  for (const object of [web, set, held]) story.remove(CLEANER, object);
  story.wait(5);
  story.update(CLEANER, space, (stored) => (stored.status = { phase: "Terminating" }), "status");
  return { story, space, held, rest: [web, set] };
}

describe("what died with a namespace", () => {
  it("is counted and named, and what holds it is told while it is stuck", () => {
    const { story } = shop();
    story.wait(300);
    story.create(DORA, CONFIGMAP, "elsewhere", "later");
    const told = died(story);
    expect(told?.ms).toBeNull();
    expect(told?.kinds.map(({ kind, count, left }) => [kind, count, left])).toEqual([
      ["ConfigMap", 1, 1],
      ["Deployment", 1, 0],
      ["ReplicaSet", 1, 0],
    ]);
    if (told === undefined) return;
    expect(diedWords(told)).toBe("3 objects: 1 ConfigMap, 1 Deployment, 1 ReplicaSet");
    expect(diedNames(told)).toBe("deploy/web");
    expect(heldWords(told)).toBe("cm/held (example.com/guard)");
    const why = lineageOf(story.events(), { raw: true }).why("ns/shop");
    expect([why?.verdict, why?.confidence, why?.chain[0]?.object]).toEqual(["stuck", "likely", "cm/held -n shop"]);
    expect(why?.chain[0]?.because).toContain("finalizers left: example.com/guard");
  });

  it("is all that was in it once it is finalized, with what it waited for", () => {
    const { story, space, held } = shop();
    story.patch(DORA, held, { metadata: { finalizers: null } });
    story.wait(1);
    story.update(CLEANER, space, () => undefined, "finalize");
    const told = died(story);
    if (told === undefined) throw new Error("nothing is told");
    expect(diedWords(told)).toMatch(/^3 objects within 11\.\d s: 1 ConfigMap, 1 Deployment, 1 ReplicaSet$/);
    expect(heldWords(told)).toMatch(/^cm\/held \(example\.com\/guard\), gone after 10\.\d s$/);
    expect(lineageOf(story.events(), { raw: true }).why("ns/shop")?.verdict).toBe("deleted");
  });

  it("is nothing while nobody deleted it", () => {
    const story = new Story("RequestResponse", "alive");
    story.create(BOB, NAMESPACE, "", "shop");
    expect(died(story)).toBeUndefined();
  });

  it("is what the namespace controller collected in the demo log", () => {
    const told = lineageOf(readEvents(DEMO), { raw: true }).trail("ns/scratch")?.died;
    if (told === undefined) throw new Error("nothing is told");
    expect(diedWords(told)).toBe(
      "8 objects within 10.4 s: 3 ConfigMaps, 2 Pods, 1 Deployment, 1 ReplicaSet, 1 ServiceAccount",
    );
  });
});
