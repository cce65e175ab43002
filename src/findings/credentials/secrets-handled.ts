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
  hits: [
    [
      {
        user: "system:serviceaccount:shop:web",
        verb: "get",
        resource: "secrets",
        namespace: "shop",
        name: "db",
        ua: "curl/8.5.0",
      },
    ],
    [{ user: "system:serviceaccount:ci:x", verb: "list", resource: "secrets", ua: "python-requests/2.31" }],
  ],
  misses: [
    [
      {
        user: "system:serviceaccount:shop:web",
        verb: "get",
        resource: "secrets",
        namespace: "shop",
        name: "db",
        ua: "web/v1",
      },
    ],
    [{ user: "ann", verb: "get", resource: "configmaps", namespace: "shop", name: "db", ua: "curl/8.5.0" }],
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
  hits: [
    [{ user: "ann", verb: "create", resource: "secrets", namespace: "shop", name: "db", code: 201 }],
    [{ user: "ann", verb: "delete", resource: "secrets", namespace: "kube-system", name: "x" }],
  ],
  misses: [
    [{ user: "ann", verb: "get", resource: "secrets", namespace: "shop", name: "db" }],
    [{ user: "ann", verb: "update", resource: "secrets", namespace: "shop", name: "sh.helm.release.v1.web.v1" }],
  ],
  judge: ({ facts }) =>
    isSystemNamespace(facts.namespace) ? { severity: "medium", why: "it is in a namespace of the cluster itself" } : {},
});
