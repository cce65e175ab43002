import type { Feature } from "./contract.ts";

const WRITES = ["create", "update", "patch", "delete", "deletecollection"] as const;
const READS = ["get", "list", "watch"] as const;
/** Requests end with one of these. */
const ENDS = ["ResponseComplete", "Panic"] as const;
const EVENTS = ["events", "events.events.k8s.io"] as const;
/** Written all the time, or nothing that is kept: nobody asks for their trails. */
const NO_OBJECTS = [
  ...EVENTS,
  "leases.coordination.k8s.io",
  "serviceaccounts/token",
  "tokenreviews.authentication.k8s.io",
  "subjectaccessreviews.authorization.k8s.io",
  "selfsubjectaccessreviews.authorization.k8s.io",
  "selfsubjectrulesreviews.authorization.k8s.io",
  "localsubjectaccessreviews.authorization.k8s.io",
  "selfsubjectreviews.authentication.k8s.io",
] as const;

/** What the commands and panes live on. */
export const FEATURES: readonly Feature[] = [
  {
    id: "refused-401",
    title: "failed logins (401)",
    needs: [{ codes: [401, 401], stages: ["ResponseStarted", ...ENDS], level: "Metadata" }],
  },
  {
    id: "refused-403",
    title: "refused requests (403)",
    needs: [{ codes: [403, 403], stages: ENDS, level: "Metadata" }],
  },
  {
    id: "errors",
    title: "status codes from 400 on",
    needs: [{ codes: [400, 599], stages: ENDS, level: "Metadata" }],
  },
  {
    id: "people",
    title: "what people changed (actor:human verb:write)",
    needs: [{ verbs: WRITES, on: "resources", actors: ["human"], stages: ENDS, level: "Metadata" }],
  },
  {
    id: "why",
    title: "why they are gone (why)",
    per: "resource",
    needs: [
      {
        verbs: ["delete", "deletecollection"],
        on: "resources",
        exceptResources: NO_OBJECTS,
        stages: ENDS,
        level: "Metadata",
      },
      { verbs: ["create"], resources: ["pods/eviction"], stages: ENDS, level: "Metadata" },
    ],
  },
  {
    id: "trail",
    title: "trail",
    per: "resource",
    needs: [{ verbs: WRITES, on: "resources", exceptResources: NO_OBJECTS, stages: ENDS, level: "Metadata" }],
  },
  {
    id: "diff",
    title: "diff, owners (body:responseObject)",
    per: "resource",
    needs: [
      {
        verbs: WRITES,
        on: "resources",
        exceptResources: NO_OBJECTS,
        codes: [200, 299],
        part: "responseObject",
        stages: ENDS,
        level: "RequestResponse",
      },
    ],
  },
  {
    id: "body",
    title: "body:requestObject",
    per: "resource",
    needs: [
      {
        verbs: WRITES,
        on: "resources",
        exceptResources: NO_OBJECTS,
        part: "requestObject",
        stages: ENDS,
        level: "Request",
      },
    ],
  },
  {
    id: "read-bodies",
    title: "what was read (body:responseObject)",
    per: "resource",
    needs: [{ verbs: READS, on: "resources", part: "responseObject", stages: ENDS, level: "RequestResponse" }],
  },
  {
    id: "k8s-events",
    title: "Kubernetes Events (k8s-events)",
    needs: [
      {
        verbs: ["create", "update", "patch"],
        resources: EVENTS,
        part: "requestObject",
        stages: ENDS,
        level: "Request",
      },
    ],
  },
  {
    id: "secrets-read",
    title: "who read secrets",
    needs: [{ verbs: READS, resources: ["secrets"], stages: ["ResponseStarted", ...ENDS], level: "Metadata" }],
  },
  {
    id: "shells",
    title: "shells and tunnels (exec, attach, portforward, proxy)",
    needs: [
      {
        resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy"],
        stages: ["ResponseStarted", ...ENDS],
        level: "Metadata",
      },
    ],
  },
  {
    id: "tokens",
    title: "tokens issued and reviewed",
    needs: [
      {
        verbs: ["create"],
        resources: ["serviceaccounts/token", "tokenreviews.authentication.k8s.io"],
        stages: ENDS,
        level: "Metadata",
      },
    ],
  },
  {
    id: "impersonation",
    title: "requests by impersonation (as:)",
    needs: [{ impersonated: true, stages: ["ResponseStarted", ...ENDS], level: "Metadata" }],
  },
  {
    id: "webhook-patches",
    title: "what webhooks changed",
    needs: [{ part: "webhookPatches", stages: ENDS, level: "Request" }],
  },
  {
    id: "reads",
    title: "counts, latency, cadence of reads",
    per: "resource",
    needs: [{ verbs: READS, on: "resources", stages: ENDS, level: "Metadata" }],
  },
  {
    id: "urls",
    title: "counts and latency of requests for no resource",
    needs: [{ on: "urls", stages: ENDS, level: "Metadata" }],
  },
  {
    id: "rbac",
    title: "least rights (rbac)",
    per: "who",
    needs: [{ actors: ["human", "serviceaccount"], stages: ENDS, level: "Metadata" }],
  },
  {
    id: "watches",
    title: "watches while they are open",
    needs: [{ verbs: ["watch"], stages: ["ResponseStarted"], level: "Metadata" }],
  },
  {
    id: "crashes",
    title: "panics of the API server",
    needs: [{ stages: ["Panic"], level: "Metadata" }],
  },
  {
    id: "unanswered",
    title: "requests that were never answered (crash, restart)",
    needs: [{ stages: ["RequestReceived"], level: "Metadata" }],
  },
];
