import { field } from "../../lineage/json.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { targetText } from "../words.ts";

export const orphans = incidents({
  id: "orphans",
  about: "somebody deleted an object and left behind what it owned",
  severity: "low",
  needs: ["metadata", "request bodies"],
  advice:
    "Look for what it had made: nothing deletes or mends that any more, and the next of its name may take it over.",
  references: ["Kubernetes: garbage collection, orphaned dependents"],
  wants: `verb:delete,deletecollection sub:"" code:<400 -resource:pods,events,secrets,configmaps,leases.coordination.k8s.io ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "ann", verb: "delete", resource: "deployments.apps", namespace: "a", name: "web" },
  hits: [
    [{ request: { propagationPolicy: "Orphan" } }],
    [{ resource: "statefulsets.apps", name: "db", query: "propagationPolicy=Orphan" }],
  ],
  misses: [[{ request: { propagationPolicy: "Background" } }], [{ resource: "jobs.batch", name: "once" }]],
  judge: ({ facts, request }) => {
    const query = facts.uri.split("?", 2)[1] ?? "";
    return field(request, "propagationPolicy") === "Orphan" || /(?:^|&)propagationPolicy=Orphan(?:&|$)/.test(query)
      ? { what: `${targetText(facts)}, and left what it owned` }
      : null;
  },
});
