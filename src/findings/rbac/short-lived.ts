import type { RequestFacts } from "../../events/request.ts";
import { duration } from "../../models/numbers.ts";
import type { SeenRequest, SequenceDetector } from "../contract.ts";
import { markOf, subjectOf } from "../incidents.ts";
import { byTerms, joined, onTerms } from "../terms.ts";
import { actorText, targetText } from "../words.ts";

const SHORT_US = 1_800e6;
const MOST = 5_000;
const RBAC =
  "resource:clusterrolebindings.rbac.authorization.k8s.io,rolebindings.rbac.authorization.k8s.io,clusterroles.rbac.authorization.k8s.io,roles.rbac.authorization.k8s.io";
const WANTS = `verb:create,delete ${RBAC} code:<400 -actor:controller,apiserver`;
const CRB = "clusterrolebindings.rbac.authorization.k8s.io";

interface Life {
  readonly facts: RequestFacts;
  readonly created: SeenRequest;
}

export const shortLived: SequenceDetector = {
  kind: "sequence",
  id: "rbac-short-lived",
  about: "rights were given and taken back soon after by the same person, as one does who hides what they did",
  severity: "high",
  wholeRun: true,
  needs: ["metadata"],
  advice: "Look at what was allowed by it meanwhile (`authreason:*NAME*`), and ask whoever did it what for.",
  references: ["T1098.006", "T1070"],
  wants: WANTS,
  reads: "facts",
  usual: { user: "dmitri", verb: "create", resource: CRB, name: "oops" },
  hits: [
    [{}, { at: 8, verb: "delete" }],
    [
      { resource: "rolebindings.rbac.authorization.k8s.io", namespace: "a", name: "x" },
      { at: 1_200, verb: "delete", resource: "rolebindings.rbac.authorization.k8s.io", namespace: "a", name: "x" },
    ],
  ],
  misses: [
    [{}, { at: 2_000, verb: "delete" }],
    [{}, { at: 8, user: "admin", verb: "delete" }],
  ],
  start() {
    const alive = new Map<string, Life>();
    const short: (Life & { readonly deleted: SeenRequest })[] = [];
    return {
      see(sighting) {
        const { facts } = sighting;
        const key = `${byTerms(facts)} ${onTerms(facts)}`;
        if (facts.verb === "create") {
          if (alive.size >= MOST)
            for (const [oldest] of alive) {
              alive.delete(oldest);
              break;
            }
          alive.set(key, { facts, created: markOf(sighting) });
          return;
        }
        const life = alive.get(key);
        alive.delete(key);
        if (life === undefined || short.length >= MOST) return;
        if (facts.receivedUs - life.created.receivedUs <= SHORT_US) short.push({ ...life, deleted: markOf(sighting) });
      },
      found: () =>
        short.map(({ facts, created, deleted }) => {
          const ms = (deleted.receivedUs - created.receivedUs) / 1e3;
          return {
            severity: "high",
            title: `${actorText(facts)} created ${targetText(facts)} and deleted it ${duration(ms)} later`,
            detail: `${actorText(facts)} created ${targetText(facts)} and deleted it again after ${duration(ms)}`,
            subject: subjectOf(facts, true),
            evidence: {
              terms: joined(`(${WANTS})`, byTerms(facts), onTerms(facts)),
              marks: [created, deleted],
              requests: 2,
            },
          };
        }),
    };
  },
};
