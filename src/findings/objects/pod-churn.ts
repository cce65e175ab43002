import { quote } from "../../queries/print-filter.ts";
import { duration } from "../../models/numbers.ts";
import type { RequestFacts } from "../../events/request.ts";
import type { Draft, SeenRequest, Sample, SequenceDetector } from "../contract.ts";
import { markOf } from "../incidents.ts";

/** A pod is put on its node once, and deleted once by whoever does not want it any more; kubelets only say that it is gone. */
const WANTS = 'resource:pods (sub:binding verb:create OR sub:"" verb:delete -actor:node) code:<300';
const LEAST = 10;
const WINDOW_US = 600e6;
const MOST_PODS = 20_000;
const MOST_OWNERS = 2_000;
const MOST_MARKS = 200;
/** `web-7d8f9cbb54-x7k2p` and `agent-x7k2p` by the suffix controllers give, `db-0` by its number. */
const OWNED = /^(.{1,247})-(?:[bcdfghjklmnpqrstvwxz2456789]{5}|\d{1,4})$/;

interface Owner {
  readonly namespace: string;
  readonly name: string;
  /** Pods that were taken away within minutes of being put on a node, in the order they went. */
  lost: (SeenRequest & { readonly livedUs: number })[];
  /** Those of the time when most were put in the place of others. */
  worst: readonly (SeenRequest & { readonly livedUs: number })[];
  /** When pods were put on a node after others had gone. */
  replacedUs: number[];
  replaced: number;
}

function churning(name: (at: number) => string, pods: number, livesS: number): Sample {
  return Array.from({ length: pods }, (_, at) => [
    {
      at: at * 20,
      user: "system:kube-scheduler",
      verb: "create",
      resource: "pods/binding",
      namespace: "shop",
      name: name(at),
      code: 201,
    },
    {
      at: at * 20 + livesS,
      user: "system:serviceaccount:kube-system:replicaset-controller",
      verb: "delete",
      resource: "pods",
      namespace: "shop",
      name: name(at),
    },
  ])
    .flat()
    .sort((a, b) => a.at - b.at);
}

const LETTERS = "bcdfghjklmnpqrstvwxz";

export const podChurn: SequenceDetector = {
  kind: "sequence",
  id: "pod-churn",
  about: "the pods of one owner are made and taken away again and again",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "`ktrail why` on one of the pods tells who takes them away: two controllers, an eviction, a node, a quota or a policy.",
  references: ["Kubernetes: pod lifecycle", "Kubernetes: ReplicaSet"],
  wants: WANTS,
  reads: "facts",
  hits: [churning((at) => `web-7d8f9cbb54-bcdf${LETTERS[at]}`, 14, 15), churning(() => "db-0", 12, 10)],
  misses: [
    churning((at) => `web-7d8f9cbb54-bcdf${LETTERS[at]}`, 6, 15),
    // Scaled down: nothing comes after.
    churning((at) => `web-7d8f9cbb54-bcdf${LETTERS[at]}`, 14, 300),
  ],
  start() {
    const bound = new Map<string, number>();
    const owners = new Map<string, Owner>();
    return {
      see(sighting) {
        const { facts } = sighting;
        const pod = `${facts.namespace}/${facts.name}`;
        if (facts.subresource === "binding") {
          if (bound.size < MOST_PODS) bound.set(pod, facts.receivedUs);
          const owner = ownerOf(owners, facts);
          if (owner !== undefined && owner.lost.length > owner.replacedUs.length)
            owner.replacedUs.push(facts.receivedUs);
          return;
        }
        const livedUs = facts.receivedUs - (bound.get(pod) ?? Number.NEGATIVE_INFINITY);
        bound.delete(pod);
        if (!(livedUs <= WINDOW_US)) return;
        const owner = ownerOf(owners, facts);
        if (owner === undefined) return;
        owner.lost.push({ ...markOf(sighting), livedUs });
        const isRecent = (us: number): boolean => facts.receivedUs - us <= WINDOW_US;
        owner.lost = owner.lost.filter(({ receivedUs }) => isRecent(receivedUs)).slice(-MOST_MARKS);
        owner.replacedUs = owner.replacedUs.filter(isRecent).slice(-MOST_MARKS);
        if (owner.replacedUs.length < owner.replaced) return;
        owner.replaced = owner.replacedUs.length;
        owner.worst = owner.lost;
      },
      found: () => [...owners.values()].filter(({ replaced }) => replaced >= LEAST).map(draftOf),
    };
  },
};

function ownerOf(owners: Map<string, Owner>, { namespace, name }: RequestFacts): Owner | undefined {
  const prefix = OWNED.exec(name)?.[1];
  if (prefix === undefined) return undefined;
  const key = `${namespace}/${prefix}`;
  const known = owners.get(key);
  if (known !== undefined || owners.size >= MOST_OWNERS) return known;
  const owner: Owner = { namespace, name: prefix, lost: [], worst: [], replacedUs: [], replaced: 0 };
  owners.set(key, owner);
  return owner;
}

function draftOf({ namespace, name, worst, replaced }: Owner): Draft {
  const lives = worst.map(({ livedUs }) => livedUs).sort((a, b) => a - b);
  const spanMs = ((worst.at(-1)?.receivedUs ?? 0) - (worst[0]?.receivedUs ?? 0)) / 1e3;
  const middle = duration((lives[lives.length >> 1] ?? 0) / 1e3);
  return {
    severity: "medium",
    title: `${worst.length} pods of ${namespace}/${name} were made and taken away within ${duration(spanMs)}`,
    detail: `${worst.length} pods of ${namespace}/${name} were put on a node and deleted within ${duration(spanMs)}, ${replaced} of them with another one after it; they lived ${middle} (the middle one)`,
    subject: { namespace, resource: "pods" },
    evidence: {
      terms: `verb:delete resource:pods sub:"" -actor:node code:<300 ns:${quote(namespace)} name:/^${escaped(name)}-[a-z0-9]{1,5}$/`,
      marks: worst,
      requests: worst.length,
    },
  };
}

/** Names of objects have dots besides letters, digits and dashes. */
function escaped(name: string): string {
  return name.replaceAll(/[^a-z0-9-]/g, ".");
}
