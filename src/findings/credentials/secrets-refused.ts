import { repeated } from "../repeated.ts";
import { list, personText, within } from "../words.ts";

const LEAST = 5;
const MANY = 20;

export const secretsRefused = repeated({
  id: "secrets-denied",
  about: "a person asks for Secrets that they may not read",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; who may not read them may still know where to look next.",
  references: ["T1552.007", "Falco: K8s Secret Get Unsuccessfully Tried", "Panther: secret_access_denied"],
  terms: "resource:secrets verb:get,list,watch code:403 actor:human",
  by: ["user", "ip"],
  least: LEAST,
  usual: { user: "eve", verb: "list", resource: "secrets", code: 403, decision: "forbid" },
  hits: [[{ verb: "get", namespace: "a", name: "s", times: 6, every: 2 }], [{ times: 25, every: 1 }]],
  misses: [[{ times: 2 }], [{ user: "system:serviceaccount:a:b", times: 40 }]],
  async tell({ key, row, own, store }) {
    const namespaces = (await store.groups(own, ["namespace"])).map(
      (each) => each.key["namespace"] || "all namespaces",
    );
    const who = personText(key["user"] ?? "");
    return {
      title: `${who} asked for Secrets in ${list(namespaces, 3)} and was refused ${row.requests} times`,
      detail: `${who} asked ${row.requests} times ${within(row.firstSeen, row.lastSeen)} for Secrets in ${list(namespaces)} and was refused`,
      ...(row.requests >= MANY ? { severity: "high", why: `${MANY} and more` } : {}),
      attempt: true,
    };
  },
});
