import type { SequenceDetector, SeenRequest } from "../contract.ts";
import { markOf, subjectOf } from "../incidents.ts";
import type { RequestFacts } from "../../events/request.ts";
import { byTerms, joined } from "../terms.ts";
import { actorText, list, plain } from "../words.ts";

const KEY = /^failed-open\.(?:mutation|mutating|validating)\.webhook\.admission\.k8s\.io\//;
const POLICY_ENGINE = /kyverno|gatekeeper|opa|policy|polaris|kubewarden|falco|aqua|sysdig|security/i;
const MOST = 1_000;
const MOST_MARKS = 200;
const WRITES = "verb:create,update,patch,delete,deletecollection code:<400";

interface Skipped {
  readonly facts: RequestFacts;
  readonly marks: SeenRequest[];
  readonly resources: Set<string>;
  requests: number;
}

export const webhookFailOpen: SequenceDetector = {
  kind: "sequence",
  id: "webhook-fail-open",
  about: "an admission webhook could not be called, and writes were let pass without it",
  severity: "high",
  needs: ["annotations"],
  advice: "Mend the webhook: until then nothing checks these writes; look at what was written meanwhile.",
  references: ["T1562.001", "Kubernetes: admission webhook good practices"],
  wants: `${WRITES} annotation:failed-open.*=*`,
  reads: "facts",
  usual: { user: "a", verb: "create", resource: "configmaps", namespace: "m", name: "c" },
  hits: [
    [
      {
        annotations: { "failed-open.validating.webhook.admission.k8s.io/round_0_index_0": "audit.example.com" },
        times: 6,
      },
    ],
    [
      {
        verb: "patch",
        resource: "pods",
        annotations: { "failed-open.mutation.webhook.admission.k8s.io/round_0_index_2": "mutate.kyverno.svc" },
      },
    ],
  ],
  misses: [[{ annotations: { "mutation.webhook.admission.k8s.io/round_0_index_0": "{}" } }], [{}]],
  start() {
    const found = new Map<string, Skipped>();
    return {
      see(sighting) {
        const { facts } = sighting;
        for (const [key, webhook] of Object.entries(facts.annotations)) {
          if (!KEY.test(key)) continue;
          const id = JSON.stringify([webhook, byTerms(facts)]);
          const known = found.get(id) ?? { facts, marks: [], resources: new Set<string>(), requests: 0 };
          if (!found.has(id) && found.size >= MOST) return;
          found.set(id, known);
          known.requests += 1;
          known.resources.add(plain(facts.resource));
          if (known.marks.length < MOST_MARKS) known.marks.push(markOf(sighting));
        }
      },
      found: () =>
        [...found].map(([id, { facts, marks, resources, requests }]) => {
          const [webhook = ""] = JSON.parse(id) as readonly string[];
          const isPolicy = POLICY_ENGINE.test(webhook);
          return {
            severity: isPolicy ? "critical" : "high",
            title: `webhook ${webhook} was skipped for ${requests} writes of ${list(resources)} by ${actorText(facts)}: it could not be called`,
            detail: `${requests} writes of ${list(resources)} by ${actorText(facts)} were let pass although webhook ${webhook} could not be called (failurePolicy Ignore)`,
            ...(isPolicy ? { why: "by its name it enforces a policy" } : {}),
            subject: subjectOf(facts, false),
            evidence: {
              terms: joined(WRITES, byTerms(facts), "annotation:failed-open.*=*"),
              marks,
              requests,
            },
          };
        }),
    };
  },
};
