import { asObject, field, list, text } from "../../lineage/json.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { list as listText } from "../words.ts";

const DASHBOARD =
  /dashboard|kubeflow|argo|jenkins|grafana|kibana|prometheus|phpmyadmin|redis|mongo|mysql|postgres|elastic|etcd/i;
const INWARD = /^(?:localhost|127\.|169\.254\.|metadata\.)/;

export const serviceExposed = incidents({
  id: "service-exposed",
  about: "somebody made a Service that is reached from outside of the cluster",
  severity: "low",
  needs: ["request bodies"],
  advice: "If it is for people, put an Ingress with TLS and a login before it; if it is not, make it a ClusterIP.",
  references: ["T1133", "Falco: Create NodePort Service", "GuardDuty: ExposedDashboard", "CVE-2020-8554"],
  wants: `verb:create,update,patch resource:services sub:"" ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "aisha", verb: "create", resource: "services", namespace: "a", name: "debug" },
  hits: [
    [{ request: { spec: { type: "NodePort", ports: [{ port: 80 }] } } }],
    [{ request: { spec: { externalIPs: ["203.0.113.4"] } } }],
  ],
  misses: [[{ name: "web", request: { spec: { type: "ClusterIP" } } }], [{ name: "web" }]],
  judge: ({ facts, request }) => {
    const spec = field(request, "spec");
    const type = text(spec, "type");
    const outside = list(spec, "externalIPs").filter((ip) => typeof ip === "string");
    const external = text(spec, "externalName");
    const what = `Service ${facts.namespace}/${facts.name}`;
    if (outside.length > 0)
      return {
        what: `${what} for the addresses ${listText(outside)}`,
        severity: "medium",
        why: "traffic of others to these addresses goes to it",
      };
    if (INWARD.test(external))
      return {
        what: `${what}, another name for ${external}`,
        severity: "medium",
        why: "who is sent there is sent inside",
      };
    if (type !== "NodePort" && type !== "LoadBalancer") return null;
    const isDashboard = DASHBOARD.test(facts.name);
    return {
      what: `${what} as ${type}, reached from outside`,
      ...(isDashboard ? { severity: "medium" as const, why: "by its name it is a dashboard or a database" } : {}),
    };
  },
});

export const ingressWeak = incidents({
  id: "ingress-weak",
  about: "somebody made an Ingress without TLS, or with snippets of configuration",
  severity: "low",
  needs: ["request bodies"],
  advice: "Give it spec.tls; leave snippets off in the controller (allow-snippet-annotations: false).",
  references: ["Falco: Ingress Object without TLS Certificate Created", "CVE-2021-25742"],
  wants: `verb:create resource:ingresses.networking.k8s.io sub:"" ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "anders", verb: "create", resource: "ingresses.networking.k8s.io", namespace: "a", name: "promo" },
  hits: [
    [{ request: { spec: { rules: [{ host: "x" }] } } }],
    [
      {
        request: {
          metadata: { annotations: { "nginx.ingress.kubernetes.io/server-snippet": "x" } },
          spec: { tls: [{ hosts: ["x"] }] },
        },
      },
    ],
  ],
  misses: [[{ request: { spec: { tls: [{ hosts: ["x"] }] } } }], [{}]],
  judge: ({ facts, request }) => {
    const spec = field(request, "spec");
    if (asObject(spec) === null) return null;
    const annotations = asObject(field(field(request, "metadata"), "annotations")) ?? {};
    const what = `Ingress ${facts.namespace}/${facts.name}`;
    if (Object.keys(annotations).some((key) => key.endsWith("-snippet")))
      return {
        what: `${what} with a snippet of configuration`,
        severity: "medium",
        why: "snippets read the controller's Secrets",
      };
    return list(spec, "tls").length === 0 ? { what: `${what} without TLS` } : null;
  },
});
