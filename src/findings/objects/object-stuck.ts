import type { RequestFacts } from "../../events/request.ts";
import { duration } from "../../models/numbers.ts";
import { NOT_MACHINERY } from "../actors.ts";
import type { SeenRequest, SequenceDetector } from "../contract.ts";
import { markOf, subjectOf } from "../incidents.ts";
import { byTerms, joined, onTerms } from "../terms.ts";
import { actorText, objectOf, targetText } from "../words.ts";

const COLLECTOR = "system:serviceaccount:kube-system:generic-garbage-collector";
const DELETES = `verb:delete code:<300 sub:"" ${NOT_MACHINERY} -resource:pods,namespaces,events`;
const STUCK_US = 60e6;
const LEAST_LOOKS = 3;
const MOST = 10_000;

interface Leaving {
  readonly facts: RequestFacts;
  readonly mark: SeenRequest;
  looks: number;
  lastUs: number;
}

export const objectStuck: SequenceDetector = {
  kind: "sequence",
  id: "object-stuck",
  about: "an object was deleted and is still there: something keeps it",
  severity: "medium",
  wholeRun: true,
  needs: ["metadata"],
  advice: "Look at its finalizers, and at what refuses the deletion of what it owns: it goes when they are gone.",
  references: ["Kubernetes: finalizers, foreground cascading deletion"],
  wants: `(${DELETES}) OR (user:${COLLECTOR} verb:get code:200)`,
  reads: "facts",
  usual: { user: COLLECTOR, verb: "get", resource: "configmaps", namespace: "f", name: "tenant" },
  hits: [
    [
      { user: "ruth", verb: "delete" },
      { at: 1, times: 10, every: 20 },
    ],
    [
      { user: "ruth", verb: "delete", resource: "deployments.apps", name: "web" },
      { at: 30, resource: "deployments.apps", name: "web", times: 5, every: 60 },
    ],
  ],
  misses: [
    [
      { user: "ruth", verb: "delete" },
      { at: 1, times: 5, every: 1 },
    ],
    [{ times: 10, every: 20 }],
  ],
  start() {
    const leaving = new Map<string, Leaving>();
    return {
      see(sighting) {
        const { facts } = sighting;
        const object = objectOf(facts);
        if (object === "") return;
        if (facts.verb === "delete") {
          if (leaving.has(object)) return;
          if (leaving.size >= MOST)
            for (const [oldest] of leaving) {
              leaving.delete(oldest);
              break;
            }
          leaving.set(object, { facts, mark: markOf(sighting), looks: 0, lastUs: facts.receivedUs });
          return;
        }
        const known = leaving.get(object);
        if (known === undefined) return;
        known.looks += 1;
        known.lastUs = Math.max(known.lastUs, facts.receivedUs);
      },
      found: () =>
        [...leaving.values()].flatMap(({ facts, mark, looks, lastUs }) => {
          const us = lastUs - facts.receivedUs;
          if (looks < LEAST_LOOKS || !(us > STUCK_US)) return [];
          return [
            {
              severity: "medium" as const,
              title: `${targetText(facts)}, deleted by ${actorText(facts)}, is still there after ${duration(us / 1e3)}`,
              detail: `${actorText(facts)} deleted ${targetText(facts)}, and the garbage collector still found it ${looks} times until ${duration(us / 1e3)} later`,
              subject: subjectOf(facts, true),
              evidence: {
                terms: joined('verb:delete code:<300 sub:""', byTerms(facts), onTerms(facts)),
                marks: [mark],
                requests: 1,
              },
            },
          ];
        }),
    };
  },
};
