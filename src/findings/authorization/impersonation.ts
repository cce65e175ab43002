import { incidents } from "../incidents.ts";
import type { AggregateDetector } from "../contract.ts";
import { termsForKey } from "../../queries/filter-term.ts";
import { joined } from "../terms.ts";
import { draftsOf } from "../repeated.ts";
import { personText, within } from "../words.ts";

const MIGHTY =
  /^(?:system:admin|kubernetes-admin|kubernetes-super-admin|system:masters|system:kube-|system:apiserver|system:node:|system:serviceaccount:kube-system:)/;

export const impersonationUsed = incidents({
  id: "authz-impersonation-used",
  about: "somebody acts as somebody else",
  severity: "low",
  needs: ["metadata"],
  advice:
    "Ask what for; whoever may impersonate has the rights of everybody they may name: narrow the verb impersonate to names.",
  references: ["T1134", "T1078", "Elastic: impersonating_privileged_identity"],
  wants: '-as:""',
  usual: { user: "fatima", verb: "list", resource: "secrets" },
  hits: [
    [{ as: "root", asGroups: ["system:masters"], namespace: "a" }],
    [{ user: "clara", as: "bob", verb: "get", resource: "pods", namespace: "a", name: "p" }],
  ],
  misses: [[{ namespace: "a" }], [{ user: "clara", verb: "get", resource: "/api", code: 403, decision: "" }]],
  isRefused: ({ code }) => code === 401 || code === 403,
  judge: ({ facts }) => {
    const isMighty = MIGHTY.test(facts.user) || facts.groups.includes("system:masters");
    const group = facts.groups.includes("system:masters") ? " (system:masters)" : "";
    return {
      key: "as",
      did: ["acted", "act"],
      what: `as ${facts.user}${group}`,
      who: facts.asFrom,
      ...(isMighty ? { severity: "high" as const, why: "the other may do what the cluster itself may" } : {}),
    };
  },
});

const REFUSED = 'code:403 decision:"" -user:""';

export const impersonationRefused: AggregateDetector = {
  kind: "aggregate",
  id: "authz-impersonation-refused",
  about: "somebody tried to act as somebody else and was refused",
  severity: "medium",
  needs: ["metadata"],
  advice: "Ask what for; the log does not say whom they wanted to be where the message is not logged.",
  references: ["T1134"],
  usual: { user: "sofia", verb: "list", resource: "pods", code: 403, decision: "" },
  hits: [
    [{ verb: "get", resource: "/api", times: 5 }],
    [{ namespace: "a", message: 'users "admin" is forbidden: User "sofia" cannot impersonate resource "users"' }],
  ],
  misses: [[{ namespace: "a", decision: "forbid" }], [{ user: "", namespace: "a", code: 401 }]],
  async detect(store) {
    return draftsOf(await store.groups(REFUSED, ["user"]), async (row) => {
      const user = row.key["user"] ?? "";
      const terms = joined(REFUSED, ...termsForKey(row.key));
      const [message = ""] = await store.messages(terms, 1);
      const whom = /^\w{1,20} "([^"]{1,253})" is forbidden/.exec(message)?.[1];
      return {
        severity: "medium",
        title: `${personText(user)} tried to act as ${whom ?? "somebody else"} and was refused: ${row.requests} × 403, ${within(row.firstSeen, row.lastSeen)}`,
        detail: `${row.requests} requests of ${user} were refused with 403 before they were authorized, as impersonation that is not allowed is${message === "" ? "" : `: ${message.slice(0, 200)}`}`,
        subject: { user },
        evidence: { terms, counted: row },
        attempt: true,
      };
    });
  },
};
