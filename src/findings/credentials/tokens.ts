import { field, number, text } from "../../lineage/json.ts";
import { duration } from "../../models/numbers.ts";
import { isSystemNamespace, NOT_MACHINERY } from "../actors.ts";
import type { SeenRequest, SequenceDetector } from "../contract.ts";
import type { RequestFacts } from "../../events/request.ts";
import { incidents, markOf, subjectOf } from "../incidents.ts";
import { byTerms, joined, onTerms } from "../terms.ts";
import { actorText } from "../words.ts";

const DAY_S = 86_400;

export const tokenMinted = incidents({
  id: "token-minted",
  about: "somebody had a token of a service account made",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; the token ends when the account is deleted, or the object it is bound to.",
  references: [
    "T1528",
    "T1098",
    "Stratus: k8s.persistence.create-token",
    "Elastic: service account token created via TokenRequest API",
  ],
  wants: `verb:create resource:serviceaccounts/token ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "ravi", verb: "create", resource: "serviceaccounts/token", namespace: "a", name: "ctl" },
  hits: [[{ namespace: "kube-system" }], [{ request: { spec: { expirationSeconds: 31_536_000 } } }]],
  misses: [[{ user: "system:node:n1" }], [{ resource: "serviceaccounts" }]],
  judge: ({ facts, request }) => {
    const seconds = number(field(request, "spec"), "expirationSeconds") ?? 0;
    const isOfSystem = isSystemNamespace(facts.namespace);
    const why = isOfSystem
      ? "the account is one of the cluster itself"
      : seconds > DAY_S
        ? `it lasts ${duration(seconds * 1e3)}`
        : null;
    return {
      did: ["made", "make"],
      what: `a token of service account ${facts.namespace}/${facts.name}${seconds > 0 ? ` for ${duration(seconds * 1e3)}` : ""}`,
      ...(why === null ? {} : { severity: "high" as const, why }),
    };
  },
});

interface Made {
  readonly facts: RequestFacts;
  readonly marks: SeenRequest[];
  filled: boolean;
}

const MOST = 2_000;
const MOST_MARKS = 50;
/** The tokens controller fills in a new Secret at once. */
const FILLED_US = 60e6;

export const tokenSecret: SequenceDetector = {
  kind: "sequence",
  id: "token-secret-created",
  about: "somebody made a Secret that holds a service account's token for ever",
  severity: "high",
  wholeRun: true,
  needs: ["metadata"],
  advice: "Delete the Secret: its token ends with it; tokens of TokenRequest end by themselves.",
  references: ["T1098", "T1136", "T1528"],
  wants: `resource:secrets verb:create,get,update,patch sub:"" code:<400 (${NOT_MACHINERY} OR ua:*/tokens-controller*)`,
  reads: "bodies",
  usual: { user: "rashid", verb: "create", resource: "secrets", namespace: "kube-system", name: "gc-token" },
  hits: [
    [
      {},
      {
        user: "system:kube-controller-manager",
        ua: "kube-controller-manager/v1.36.2 (linux/amd64) kubernetes/8e16b12/tokens-controller",
        verb: "update",
      },
    ],
    [{ namespace: "a", name: "x", request: { kind: "Secret", type: "kubernetes.io/service-account-token" } }],
  ],
  misses: [
    [{ namespace: "a", name: "x" }],
    [
      {
        user: "system:kube-controller-manager",
        ua: "kube-controller-manager/v1.36.2/tokens-controller",
        verb: "update",
      },
    ],
  ],
  start() {
    const made = new Map<string, Made>();
    return {
      see(sighting) {
        const { facts } = sighting;
        const isController = facts.useragent.includes("/tokens-controller");
        const name = facts.name === "" ? text(field(sighting.response, "metadata"), "name") : facts.name;
        const key = `${facts.namespace}/${name}`;
        const known = made.get(key);
        if (isController) {
          if (known !== undefined && facts.verb !== "get" && facts.receivedUs - known.facts.receivedUs < FILLED_US)
            known.filled = true;
          return;
        }
        if (facts.verb === "create") {
          if (made.size >= MOST)
            for (const [oldest, { filled }] of made)
              if (!filled) {
                made.delete(oldest);
                break;
              }
          const type = text(sighting.request, "type");
          const filled = type === "kubernetes.io/service-account-token" || type === "bootstrap.kubernetes.io/token";
          if (made.size < MOST) made.set(key, { facts, marks: [markOf(sighting)], filled });
          return;
        }
        if (known !== undefined && byTerms(known.facts) === byTerms(facts) && known.marks.length < MOST_MARKS)
          known.marks.push(markOf(sighting));
      },
      found: () =>
        [...made.values()].flatMap(({ facts, marks, filled }) =>
          filled
            ? [
                {
                  severity: "high" as const,
                  title: `${actorText(facts)} made Secret ${facts.namespace}/${facts.name} with a token that never ends${marks.length > 1 ? ", and read it" : ""}`,
                  detail: `${actorText(facts)} made Secret ${facts.namespace}/${facts.name}, which was filled with a service account's token${marks.length > 1 ? `, and touched it ${marks.length - 1} times since` : ""}`,
                  subject: subjectOf(facts, true),
                  evidence: {
                    terms: joined(
                      "resource:secrets verb:create,get,update,patch code:<400",
                      byTerms(facts),
                      onTerms(facts),
                    ),
                    marks,
                    requests: marks.length,
                  },
                },
              ]
            : [],
        ),
    };
  },
};
