/** Secrets that are handled otherwise than programs do. */
import { isSystemNamespace, NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { targetText } from "../words.ts";

export const secretsOddClient = incidents({
  id: "secrets-odd-client",
  about: "somebody reads Secrets with a program that people and scripts use by hand",
  severity: "medium",
  needs: ["metadata"],
  advice:
    "Find out where it runs; a workload reads Secrets from its volumes, or with a client library that says its name.",
  references: ["T1552.007", "Elastic: secret access by scripting HTTP clients"],
  wants: `resource:secrets sub:"" verb:get,list,watch ua:/^(curl|wget|python-requests|python-urllib|python-httpx|go-http-client|perl|libwww-perl|ruby|php|node-fetch|axios|httpie|postman|insomnia)/i -actor:human,anonymous -user:"" ${NOT_MACHINERY}`,
  usual: { user: "system:serviceaccount:shop:web", verb: "get", resource: "secrets", ua: "curl/8.5.0" },
  hits: [
    [{ namespace: "shop", name: "db" }],
    [{ user: "system:serviceaccount:ci:x", verb: "list", ua: "python-requests/2.31" }],
  ],
  misses: [
    [{ namespace: "shop", name: "db", ua: "web/v1" }],
    [{ user: "ann", resource: "configmaps", namespace: "shop", name: "db" }],
  ],
  judge: ({ facts }) => ({
    what: `${targetText(facts)} with ${facts.useragent.slice(0, 60)}`,
    ...(facts.namespace === "" ? { severity: "high", why: "of all namespaces" } : {}),
  }),
});

export const secretsByHand = incidents({
  id: "secrets-changed-by-person",
  about: "a person wrote or deleted a Secret",
  severity: "info",
  needs: ["metadata"],
  advice: "Keep Secrets in a store that writes them, so that who changed which is reviewed.",
  references: ["Sigma: kubernetes_audit_secrets_modified_or_deleted", "Falco: K8s Secret Created, Deleted"],
  wants: 'resource:secrets sub:"" verb:create,update,patch,delete,deletecollection -name:sh.helm.release.* actor:human',
  usual: { user: "ann", resource: "secrets", namespace: "shop", name: "db" },
  hits: [[{ verb: "create" }], [{ verb: "delete", namespace: "kube-system", name: "x" }]],
  misses: [[{ verb: "get" }], [{ verb: "update", name: "sh.helm.release.v1.web.v1" }]],
  judge: ({ facts }) =>
    isSystemNamespace(facts.namespace) ? { severity: "medium", why: "it is in a namespace of the cluster itself" } : {},
});
