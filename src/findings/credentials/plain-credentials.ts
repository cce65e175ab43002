import { asObject, field, type JsonValue, list, text } from "../../lineage/json.ts";
import { MASK, maskField } from "../../masking/mask.ts";
import { NOT_MACHINERY } from "../actors.ts";
import { incidents } from "../incidents.ts";
import { list as listText } from "../words.ts";
import { allContainers, podSpecOf, WORKLOADS } from "../workloads/pod-spec.ts";

/** Entries looked at, and names told. */
const MOST = 1_000;
const LONGEST = 16_384;

/** Names of entries whose values are masked wherever they are shown: passwords, keys, tokens. */
function secretNames(entries: Iterable<readonly [string, string]>): readonly string[] {
  const names: string[] = [];
  let looked = 0;
  for (const [name, value] of entries) {
    if (looked++ >= MOST) break;
    if (value.length >= 4 && maskField(name, value.slice(0, LONGEST)).includes(MASK) && !value.includes(MASK))
      names.push(name);
  }
  return names;
}

export const configmapCredentials = incidents({
  id: "configmap-credentials",
  about: "a ConfigMap holds a password, a key or a token in plain text",
  severity: "medium",
  needs: ["request bodies"],
  advice: "Move it to a Secret, renew it, and take it out of the audit log's reach (configmaps at level Metadata).",
  references: ["T1552.001", "Falco: Create/Modify Configmap With Private Credentials"],
  wants: `verb:create,update,patch resource:configmaps sub:"" ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "ingrid", verb: "create", resource: "configmaps", namespace: "a", name: "legacy" },
  hits: [
    [{ request: { kind: "ConfigMap", data: { password: "Tr0ub4dor&3x" } } }],
    [{ verb: "patch", request: { data: { aws_secret_access_key: "wJalrXUtnFEMIK7MDENGbPxRfiCYzEXAMPLEKEY9" } } }],
  ],
  misses: [
    [{ name: "app", request: { kind: "ConfigMap", data: { colour: "green", "log.level": "debug" } } }],
    [{ name: "app" }],
  ],
  judge: ({ facts, request }) => {
    const data = asObject(field(request, "data")) ?? {};
    const entries = Object.entries(data).flatMap(([key, value]): readonly (readonly [string, string])[] =>
      typeof value === "string" ? [[key, value]] : [],
    );
    const names = secretNames(entries);
    if (names.length === 0) return null;
    return {
      did: ["wrote", "write"],
      what: `plain credentials into ConfigMap ${facts.namespace}/${facts.name}: ${listText(names)}`,
    };
  },
});

export const envCredentials = incidents({
  id: "env-credentials",
  about: "a workload is given a password, a key or a token as plain text in its environment",
  severity: "low",
  needs: ["request bodies"],
  advice:
    "Take it from a Secret (valueFrom.secretKeyRef), and renew it: whoever may read the workload, or its audit events, knows it.",
  references: ["T1552.001", "CIS 5.4.1"],
  wants: `verb:create,update,patch ${WORKLOADS} ${NOT_MACHINERY}`,
  reads: "bodies",
  usual: { user: "greta", verb: "create", resource: "pods", namespace: "a", name: "x" },
  hits: [
    [
      {
        resource: "deployments.apps",
        request: {
          spec: {
            template: {
              spec: { containers: [{ name: "c", env: [{ name: "DB_PASSWORD", value: "hunter2hunter2" }] }] },
            },
          },
        },
      },
    ],
    [{ request: { spec: { containers: [{ name: "c", env: [{ name: "API_TOKEN", value: "ab12cd34ef56gh78" }] }] } } }],
  ],
  misses: [
    [
      {
        request: {
          spec: {
            containers: [
              {
                name: "c",
                env: [{ name: "DB_PASSWORD", valueFrom: { secretKeyRef: { name: "db", key: "password" } } }],
              },
            ],
          },
        },
      },
    ],
    [{ request: { spec: { containers: [{ name: "c", env: [{ name: "LOG_LEVEL", value: "debug" }] }] } } }],
  ],
  judge: (sighting) => {
    const spec = podSpecOf(sighting);
    if (spec === null) return null;
    const env = allContainers(spec).flatMap((container: JsonValue) =>
      list(container, "env").map((entry): readonly [string, string] => [text(entry, "name"), text(entry, "value")]),
    );
    const names = secretNames(env);
    if (names.length === 0) return null;
    const { facts } = sighting;
    return {
      did: ["gave", "give"],
      what: `plain credentials to ${facts.resource.split(".", 1)[0] ?? ""} ${facts.namespace}/${facts.name} in its environment: ${listText(new Set(names))}`,
    };
  },
});
