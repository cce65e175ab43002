import { duration } from "../../models/numbers.ts";
import { isSystemNamespace, NOT_MACHINERY } from "../actors.ts";
import type { SeenRequest, SequenceDetector } from "../contract.ts";
import type { RequestFacts } from "../../events/request.ts";
import { incidents, markOf, subjectOf } from "../incidents.ts";
import { byTerms, joined } from "../terms.ts";
import { actorText } from "../words.ts";

const HELM = "sh.helm.release.v1.";

export const secretsByPerson = incidents({
  id: "secrets-read-by-person",
  about: "a person read Secrets",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; people need Secrets' values rarely, and their names hardly ever.",
  references: ["T1552.007", "Falco: K8s Secret Get Successfully", "GuardDuty: SecretsAccessed"],
  wants: 'resource:secrets verb:get,list,watch sub:"" actor:human',
  usual: { user: "ann", verb: "get", resource: "secrets" },
  hits: [[{ namespace: "shop", name: "db" }], [{ verb: "list", namespace: "kube-system" }]],
  misses: [[{ verb: "list" }], [{ user: "system:serviceaccount:shop:web", namespace: "shop", name: "db" }]],
  judge: ({ facts }) => {
    // All of the cluster at once is told by secrets-list-all.
    if (facts.namespace === "") return null;
    if (facts.name.startsWith(HELM)) return { severity: "info" };
    const what = facts.name === "" ? `all Secrets in ${facts.namespace}` : `Secret ${facts.namespace}/${facts.name}`;
    return isSystemNamespace(facts.namespace)
      ? { what, severity: "high", why: "they are the cluster's own" }
      : { what };
  },
});

const LEAST = 5;
const WINDOW_US = 600e6;
const MOST_USERS = 2_000;
const MOST_MARKS = 500;

interface Reading {
  readonly facts: RequestFacts;
  marks: (SeenRequest & { readonly object: string; readonly isMissing: boolean })[];
  requests: number;
}

export const secretsBurst: SequenceDetector = {
  kind: "sequence",
  id: "secrets-burst",
  about: "one identity asks for many Secrets one by one within minutes",
  severity: "high",
  wholeRun: true,
  needs: ["metadata"],
  advice: "Find out what for; take what was read for known and renew it.",
  references: ["T1552.007", "Elastic: multiple secrets accessed", "Panther: secrets_dump"],
  wants: `verb:get resource:secrets sub:"" -name:sh.helm.release.* ${NOT_MACHINERY}`,
  reads: "facts",
  usual: { user: "marta", verb: "get", resource: "secrets", namespace: "shop" },
  hits: [
    ["a", "b", "c", "d", "e"].map((name) => ({ name })),
    ["a", "b", "c", "d", "e"].map((name) => ({
      user: "system:serviceaccount:shop:web",
      name,
      code: 404,
      ua: "curl/8",
    })),
  ],
  misses: [[{ name: "a", times: 50 }], ["a", "b", "c", "d", "e"].map((name, at) => ({ at: at * 400, name }))],
  start() {
    const reading = new Map<string, Reading>();
    const found = new Map<string, Reading>();
    return {
      see(sighting) {
        const { facts } = sighting;
        const key = byTerms(facts);
        const own = reading.get(key) ?? { facts, marks: [], requests: 0 };
        if (!reading.has(key)) {
          if (reading.size >= MOST_USERS) return;
          reading.set(key, own);
        }
        const isBurst = found.has(key);
        if (!isBurst) {
          const recent = own.marks.filter(({ receivedUs }) => facts.receivedUs - receivedUs <= WINDOW_US);
          own.requests -= own.marks.length - recent.length;
          own.marks = recent;
        }
        own.requests += 1;
        if (own.marks.length < MOST_MARKS)
          own.marks.push({
            ...markOf(sighting),
            object: `${facts.namespace}/${facts.name}`,
            isMissing: facts.code === 404,
          });
        if (!isBurst && new Set(own.marks.map(({ object }) => object)).size >= LEAST) found.set(key, own);
      },
      found: () =>
        [...found.values()].map(({ facts, marks, requests }) => {
          const objects = new Set(marks.map(({ object }) => object)).size;
          const missing = marks.filter(({ isMissing }) => isMissing).length;
          const ms = ((marks.at(-1)?.receivedUs ?? 0) - (marks[0]?.receivedUs ?? 0)) / 1e3;
          return {
            severity: "high",
            title: `${actorText(facts)} asked for ${objects} Secrets one by one within ${duration(ms)}${missing > 0 ? `, ${missing} of them not there` : ""}`,
            detail: `${actorText(facts)} with ${facts.useragent} from ${facts.ip} asked ${requests} times for ${objects} different Secrets within ${duration(ms)}${missing > 0 ? `; ${missing} requests were for names that do not exist, as guesses are` : ""}`,
            subject: { ...subjectOf(facts, false), resource: "secrets" },
            evidence: {
              terms: joined('verb:get resource:secrets sub:"" -name:sh.helm.release.*', byTerms(facts)),
              marks,
              requests,
            },
          };
        }),
    };
  },
};
