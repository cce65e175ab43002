import { termsForKey } from "../../queries/filter-term.ts";
import { NOT_MACHINERY } from "../actors.ts";
import type { AggregateDetector, Draft } from "../contract.ts";
import { joined } from "../terms.ts";
import { personText, within } from "../words.ts";

const RULES = "verb:create resource:selfsubjectrulesreviews.authorization.k8s.io";
const ACCESS = "verb:create resource:selfsubjectaccessreviews.authorization.k8s.io";
const EITHER = `verb:create resource:selfsubjectrulesreviews.authorization.k8s.io,selfsubjectaccessreviews.authorization.k8s.io ${NOT_MACHINERY}`;
const LEAST_ACCESS = 10;
const MANY_ACCESS = 30;
const LEAST_RULES = 3;

export const canI: AggregateDetector = {
  kind: "aggregate",
  id: "authz-can-i",
  about: "somebody finds out what they may do, right by right or namespace by namespace",
  severity: "low",
  wholeRun: true,
  needs: ["metadata"],
  advice: "Ask what for: dashboards and some operators do this when they start, thieves of credentials do it first.",
  references: [
    "T1069.003",
    "T1613",
    "Sigma: kubernetes_audit_rbac_permisions_listing",
    "Elastic: suspicious_self_subject_review",
  ],
  usual: { user: "lucas", verb: "create", resource: "selfsubjectaccessreviews.authorization.k8s.io" },
  hits: [
    [{ ua: "python-requests/2", times: 42 }],
    [{ user: "oskar", resource: "selfsubjectrulesreviews.authorization.k8s.io", times: 7 }],
  ],
  misses: [[{ times: 5 }], [{ user: "system:serviceaccount:kube-system:deployment-controller", times: 50 }]],
  async detect(store) {
    const drafts: Draft[] = [];
    for (const row of await store.groups(EITHER, ["user", "useragent"])) {
      const { user = "", useragent = "" } = row.key;
      const own = termsForKey(row.key);
      const [rules] = await store.groups(joined(RULES, ...own), []);
      const [access] = await store.groups(joined(ACCESS, ...own), []);
      const [ofRules, ofAccess] = [rules?.requests ?? 0, access?.requests ?? 0];
      const isAccount = user.startsWith("system:serviceaccount:");
      if (ofRules < (isAccount ? 1 : LEAST_RULES) && ofAccess < LEAST_ACCESS) continue;
      const isMany = ofAccess >= MANY_ACCESS;
      const what = ofAccess >= LEAST_ACCESS ? `right by right: ${ofAccess} times` : `as a whole: ${ofRules} times`;
      drafts.push({
        severity: isMany ? "medium" : "low",
        title: `${personText(user)} finds out what it may do, ${what}, ${within(row.firstSeen, row.lastSeen)}`,
        detail: `${user} with ${useragent} asked ${ofAccess} times whether it may do something, and ${ofRules} times for all it may do`,
        ...(isMany ? { why: "so many rights at once are a survey" } : {}),
        subject: {
          user,
          useragent,
          resource:
            ofAccess >= ofRules
              ? "selfsubjectaccessreviews.authorization.k8s.io"
              : "selfsubjectrulesreviews.authorization.k8s.io",
        },
        evidence: { terms: joined(EITHER, ...own), counted: row },
      });
    }
    return drafts;
  },
};
