import { request as httpRequest, type Agent, type IncomingHttpHeaders } from "node:http";

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Posts as kube-apiserver's client does; any header can be another. */
export function post(
  url: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
  options: { readonly method?: string; readonly agent?: Agent } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest(
      url,
      {
        method: "POST",
        ...options,
        headers: {
          Accept: "application/json, */*",
          "Content-Type": "application/json",
          "Content-Length": String(Buffer.byteLength(body)),
          ...headers,
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text: String(Buffer.concat(chunks)) }),
        );
        response.on("error", reject);
      },
    );
    sent.on("error", reject);
    sent.end(body);
  });
}

/** A batch of made-up events: numbers [from, to). */
export function batch(from: number, to: number): string {
  const items: object[] = [];
  for (let at = from; at < to; at += 1) {
    const moment = new Date(Date.UTC(2026, 10, 21) + at).toISOString().replace("Z", "000Z");
    items.push({
      level: "Metadata",
      auditID: `00000000-0000-4000-8000-${String(at).padStart(12, "0")}`,
      stage: "ResponseComplete",
      requestURI: `/api/v1/namespaces/shop/configmaps/c-${at % 100}`,
      verb: "get",
      user: { username: `user-${at % 20}`, groups: ["system:authenticated"] },
      sourceIPs: ["192.0.2.7"],
      userAgent: "kubectl/v1.36.2",
      objectRef: { resource: "configmaps", namespace: "shop", name: `c-${at % 100}`, apiVersion: "v1" },
      responseStatus: { metadata: {}, code: 200 },
      requestReceivedTimestamp: moment,
      stageTimestamp: moment,
      annotations: { "authorization.k8s.io/decision": "allow", "authorization.k8s.io/reason": "" },
    });
  }
  return `${JSON.stringify({ kind: "EventList", apiVersion: "audit.k8s.io/v1", metadata: {}, items })}\n`;
}
