import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { byTerms } from "../terms.ts";
import { duration } from "../../models/numbers.ts";
import { plain, targetText } from "../words.ts";

const GRANTS = /^(?:cluster)?role(?:binding)?s\./;
const WITHIN_US = 300e6;
/** A release writes many kinds at once, and its grants among them. */
const RELEASE_US = 15e6;
const LEAST_KINDS_OF_RELEASE = 4;
const MOST_USERS = 2_000;
const MOST_RECENT = 50;

interface Write {
  readonly receivedUs: number;
  readonly resource: string;
  readonly what: string;
}

export const rbacThenWorkload = incidents({
  id: "rbac-then-workload",
  about: "somebody wrote a grant, and minutes later ran something that can use it",
  severity: "medium",
  needs: ["metadata"],
  advice: "Look at what the grant allows and with which service account the workload runs.",
  references: ["T1098.006", "T1610", "Elastic: RBAC change followed by workload creation"],
  wants: `verb:create,update,patch sub:"" code:<400 (resource:roles,rolebindings,clusterroles,clusterrolebindings OR resource:deployments.apps,daemonsets.apps,statefulsets.apps,jobs.batch,cronjobs.batch,pods verb:create OR resource:services,configmaps,serviceaccounts) ${NOT_MACHINERY} -ua:helm*,argocd*,flux*,kustomize-controller*,helm-controller*,terraform*,pulumi*`,
  usual: { user: "eve", verb: "create", resource: "rolebindings.rbac.authorization.k8s.io", name: "r" },
  hits: [
    [{ namespace: "shop" }, { at: 60, resource: "deployments.apps", namespace: "shop", name: "d" }],
    [
      { verb: "patch", resource: "clusterroles.rbac.authorization.k8s.io" },
      { at: 200, resource: "pods", namespace: "shop", name: "p" },
    ],
  ],
  misses: [
    [{ namespace: "shop" }, { at: 400, resource: "deployments.apps", namespace: "shop", name: "d" }],
    [
      { user: "ci", resource: "serviceaccounts", namespace: "shop", name: "a" },
      { user: "ci", namespace: "shop" },
      { user: "ci", resource: "services", namespace: "shop", name: "s" },
      { user: "ci", resource: "deployments.apps", namespace: "shop", name: "d" },
    ],
  ],
  judging() {
    const recent = new Map<string, Write[]>();
    return ({ facts }) => {
      const key = byTerms(facts);
      const own = (recent.get(key) ?? []).filter(({ receivedUs }) => facts.receivedUs - receivedUs <= WITHIN_US);
      if (recent.size < MOST_USERS || recent.has(key)) {
        own.push({ receivedUs: facts.receivedUs, resource: facts.resource, what: targetText(facts) });
        recent.set(key, own.slice(-MOST_RECENT));
      }
      if (facts.verb !== "create" || GRANTS.test(facts.resource) || isPart(facts.resource)) return null;
      const grant = own.findLast(({ resource }) => GRANTS.test(resource));
      if (grant === undefined) return null;
      const kinds = new Set(
        own.flatMap(({ receivedUs, resource }) =>
          Math.abs(receivedUs - grant.receivedUs) <= RELEASE_US ? [plain(resource)] : [],
        ),
      );
      if (kinds.size >= LEAST_KINDS_OF_RELEASE) return null;
      const after = duration((facts.receivedUs - grant.receivedUs) / 1e3);
      return { what: `${targetText(facts)}, ${after} after ${grant.what}` };
    };
  },
});

/** What comes with a workload and runs nothing. */
function isPart(resource: string): boolean {
  return resource === "services" || resource === "configmaps" || resource === "serviceaccounts";
}
