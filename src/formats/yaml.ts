import type { Format } from "./contract.ts";

export const yaml: Format = {
  id: "yaml",
  title: "YAML documents",
  docs: "Events as YAML: documents between lines of ---, or the entries of a list.",
  framing: "yaml",
  samples: () => {
    const event = (id: number): string => `kind: Event
apiVersion: audit.k8s.io/v1
level: Metadata
auditID: 4b6c2f0e-0000-4000-8000-00000000000${id}
stage: ResponseComplete
requestURI: /api/v1/namespaces/shop/pods?limit=500
verb: list
user:
  username: ada
  groups: ["dev", 'system:authenticated']
sourceIPs:
- 192.0.2.7
objectRef: {resource: pods, namespace: shop, apiVersion: v1}
responseStatus:
  code: 200
requestReceivedTimestamp: "2026-11-20T14:02:11.000001Z"
stageTimestamp: 2026-11-20T14:02:11.004001Z
`;
    const entry = (id: number): string => `- ${event(id).trimEnd().replaceAll("\n", "\n  ")}\n`;
    return [
      { name: "one event", text: `# kept for later\n\n${event(1)}`, events: 1 },
      { name: "documents", text: `---\n${event(1)}---\n${event(2)}...\n`, events: 2 },
      { name: "entries of a list", text: `${entry(1)}${entry(2)}`, events: 2 },
    ];
  },
};
