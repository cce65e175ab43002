import { gzipSync } from "node:zlib";

/** A way in which a log's lines are wrapped by what collects, stores or exports them. */
export interface Envelope {
  readonly name: string;
  /** As `info` reports it. */
  readonly format: string;
  readonly wrap: (lines: readonly string[]) => string | Buffer;
}

const TIME = "2026-11-21T00:05:23.271493Z";
const RUNTIME_LINE_BYTES = 16 * 1024;

const json = (value: unknown): string => JSON.stringify(value);
const each = (wrap: (line: string) => string): Envelope["wrap"] => {
  return (lines) => lines.map((line) => `${wrap(line)}\n`).join("");
};
const each20 = (lines: readonly string[], wrap: (part: readonly string[]) => string): string => {
  const parts: string[] = [];
  for (let at = 0; at < lines.length; at += 20) parts.push(wrap(lines.slice(at, at + 20)));
  return parts.join("");
};
const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
const item = (line: string): string => line.replace('"kind":"Event","apiVersion":"audit.k8s.io/v1",', "");
const object = (line: string): Record<string, unknown> => JSON.parse(line) as Record<string, unknown>;

/** A line cut as a container runtime cuts it: between bytes, not characters. */
function pieces(line: string): Buffer[] {
  const bytes = Buffer.from(line);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += RUNTIME_LINE_BYTES) parts.push(bytes.subarray(at, at + RUNTIME_LINE_BYTES));
  return parts;
}

/** Docker cuts between characters, so that each piece is JSON. */
function texts(line: string): string[] {
  return line.match(new RegExp(`[^]{1,${RUNTIME_LINE_BYTES}}`, "gu")) ?? [];
}

/** A row of a log store: objects as JSON in text. */
function row(line: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(object(line)).map(([key, value]) => [key, typeof value === "string" ? value : json(value)]),
  );
}

const AKS_COLUMNS: Readonly<Record<string, string>> = {
  AuditId: "auditID",
  Level: "level",
  Stage: "stage",
  Verb: "verb",
  RequestUri: "requestURI",
  User: "user",
  ImpersonatedUser: "impersonatedUser",
  SourceIps: "sourceIPs",
  UserAgent: "userAgent",
  ObjectRef: "objectRef",
  ResponseStatus: "responseStatus",
  RequestObject: "requestObject",
  ResponseObject: "responseObject",
  RequestReceivedTime: "requestReceivedTimestamp",
  StageReceivedTime: "stageTimestamp",
  Annotations: "annotations",
};

function aksRow(line: string): Record<string, string> {
  const values = row(line);
  return {
    TimeGenerated: TIME,
    ...Object.fromEntries(Object.entries(AKS_COLUMNS).map(([column, key]) => [column, values[key] ?? ""])),
    PodName: "kube-apiserver-0",
    _ResourceId: "/subscriptions/1/resourcegroups/g/providers/microsoft.containerservice/managedclusters/shop",
  };
}

function azureRecord(line: string): object {
  return {
    time: TIME,
    category: "kube-audit",
    properties: { log: `${line}\n`, stream: "stdout", pod: "kube-apiserver-0" },
  };
}

function subscription(lines: readonly string[]): string {
  return json({
    messageType: "DATA_MESSAGE",
    owner: "123456789012",
    logGroup: "/aws/eks/shop/cluster",
    logStream: "kube-apiserver-audit-71976",
    subscriptionFilters: ["audit"],
    logEvents: lines.map((message, id) => ({ id: `3195${id}`, timestamp: 1_795_183_331_000, message })),
  });
}

function otlpValue(value: unknown): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(otlpValue) } };
  if (typeof value === "object" && value !== null) {
    return { kvlistValue: { values: Object.entries(value).map(([key, inner]) => ({ key, value: otlpValue(inner) })) } };
  }
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  return value === null ? {} : { stringValue: value };
}

function otlp(bodies: readonly object[]): string {
  return json({ resourceLogs: [{ resource: {}, scopeLogs: [{ logRecords: bodies.map((body) => ({ body })) }] }] });
}

function exported(line: string, at: number): Buffer {
  const size = Buffer.alloc(8);
  const body = Buffer.from(line);
  size.writeUInt32LE(body.length);
  const head = `__CURSOR=s=${at}\n_HOSTNAME=cp1\n`;
  if (at % 2 === 0) return Buffer.from(`${head}MESSAGE=${line}\n\n`);
  return Buffer.concat([Buffer.from(`${head}MESSAGE\n`), size, body, Buffer.from("\n_PID=1\n\n")]);
}

function csv(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  return [columns, ...rows].map((cells) => `${cells.map(cell).join(",")}\r\n`).join("");
}

/** Envelopes that hold all of an event: what is read from them is what was written. */
export const ENVELOPES: readonly Envelope[] = [
  {
    name: "webhook bodies",
    format: "eventlist",
    wrap: (lines) =>
      each20(
        lines,
        (part) =>
          `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[${part.map(item).join(",")}]}\n`,
      ),
  },
  {
    name: "kubectl List",
    format: "list",
    wrap: (lines) => `{"kind":"List","apiVersion":"v1","items":[${lines.join(",")}]}`,
  },
  { name: "jq -s", format: "array", wrap: (lines) => `${JSON.stringify(lines.map(object), null, 2)}\n` },
  { name: "jq .", format: "documents", wrap: each((line) => JSON.stringify(object(line), null, 2)) },
  {
    name: "CRI",
    format: "cri",
    wrap: (lines) =>
      Buffer.concat(
        lines.flatMap((line) =>
          pieces(line).flatMap((piece, at, all) => [
            Buffer.from(`${TIME} stdout ${at + 1 === all.length ? "F" : "P"} `),
            piece,
            Buffer.from("\n"),
          ]),
        ),
      ),
  },
  {
    name: "docker json-file",
    format: "docker",
    wrap: (lines) =>
      lines
        .flatMap((line) => texts(`${line}\n`).map((log) => `${json({ log, stream: "stdout", time: TIME })}\n`))
        .join(""),
  },
  {
    name: "journalctl -o json",
    format: "journal",
    wrap: (lines) =>
      lines
        .map(
          (line, at) =>
            `${json({ __CURSOR: `s=${at}`, MESSAGE: at % 5 === 0 ? [...Buffer.from(line)] : line, _HOSTNAME: "cp1" })}\n`,
        )
        .join(""),
  },
  { name: "journalctl -o export", format: "journal", wrap: (lines) => Buffer.concat(lines.map(exported)) },
  {
    name: "journalctl",
    format: "journal-short",
    wrap: each((line) => `Nov 21 00:05:23 cp1 kube-apiserver[812]: ${line}`),
  },
  { name: "syslog", format: "syslog", wrap: each((line) => `<134>1 ${TIME} cp1 kube-apiserver 812 - - ${line}`) },
  {
    name: "syslog, counted",
    format: "syslog",
    wrap: (lines) =>
      Buffer.concat(
        lines.map((line) => {
          const frame = Buffer.from(`<134>1 ${TIME} cp1 kube-apiserver 812 - - ${line}`);
          return Buffer.concat([Buffer.from(`${frame.length} `), frame]);
        }),
      ),
  },
  { name: "oc adm node-logs", format: "node-logs", wrap: each((line) => `ci-ln-m0wpfjb-f76d1-vnb5x-master-0 ${line}`) },
  {
    name: "aws logs filter-log-events",
    format: "cloudwatch-events",
    wrap: (lines) =>
      JSON.stringify(
        {
          events: lines.map((message, at) => ({
            logStreamName: "kube-apiserver-audit-71976",
            timestamp: at,
            message,
            ingestionTime: at,
            eventId: `${at}`,
          })),
          searchedLogStreams: [],
        },
        null,
        4,
      ),
  },
  { name: "Firehose", format: "cloudwatch-subscription", wrap: (lines) => each20(lines, subscription) },
  {
    name: "Lambda",
    format: "cloudwatch-subscription",
    wrap: (lines) =>
      each20(lines, (part) => `${json({ awslogs: { data: gzipSync(subscription(part)).toString("base64") } })}\n`),
  },
  {
    name: "aws logs tail",
    format: "aws-logs-tail",
    wrap: each((line) => `2026-11-21T00:05:23.271000+00:00 kube-apiserver-audit-71976 ${line}`),
  },
  { name: "CloudWatch export", format: "cloudwatch-export", wrap: each((line) => `2026-11-21T00:05:23.271Z ${line}`) },
  {
    name: "Logs Insights",
    format: "logs-insights",
    wrap: (lines) =>
      csv(
        ["@logStream", "@timestamp", "@message"],
        lines.map((line) => ["kube-apiserver-audit-71976", "2026-11-21 00:05:23.271", line]),
      ),
  },
  {
    name: "Event Hub",
    format: "azure",
    wrap: (lines) => each20(lines, (part) => `${json({ records: part.map(azureRecord) })}\n`),
  },
  { name: "Azure Storage", format: "azure", wrap: each((line) => json(azureRecord(line))) },
  { name: "AKSAudit", format: "log-analytics", wrap: (lines) => json(lines.map(aksRow)) },
  {
    name: "AKSAudit, CSV",
    format: "log-analytics",
    wrap: (lines) =>
      csv(
        Object.keys(aksRow(lines[0] ?? "{}")),
        lines.map((line) => Object.values(aksRow(line))),
      ),
  },
  {
    name: "AzureDiagnostics, CSV",
    format: "log-analytics",
    wrap: (lines) =>
      csv(
        ["Category", "log_s", "pod_s"],
        lines.map((line) => ["kube-audit", line, "kube-apiserver-0"]),
      ),
  },
  {
    name: "Elastic, the original beside",
    format: "ecs",
    wrap: each((line) => json({ "@timestamp": TIME, kubernetes: { audit: object(line) }, event: { original: line } })),
  },
  {
    name: "Datadog, CSV",
    format: "datadog",
    wrap: (lines) =>
      csv(
        ["Date", "Host", "Service", "Message"],
        lines.map((line) => [TIME, "cp1", "apiserver", line]),
      ),
  },
  {
    name: "logcli -o jsonl",
    format: "loki",
    wrap: each((line) => json({ labels: { node: "cp1" }, line, timestamp: TIME })),
  },
  { name: "logcli", format: "loki", wrap: each((line) => `${TIME} {instance="cp1", job="audit"} ${line}`) },
  {
    name: "Loki's query API",
    format: "loki",
    wrap: (lines) =>
      json({
        status: "success",
        data: {
          resultType: "streams",
          result: [{ stream: { node: "cp1" }, values: lines.map((line, at) => [`${at}`, line]) }],
        },
      }),
  },
  {
    name: "Splunk HEC",
    format: "splunk",
    wrap: (lines) => lines.map((line) => `{"time":1795183331.1,"host":"cp1","event":${line}}`).join(""),
  },
  {
    name: "Splunk export",
    format: "splunk",
    wrap: each((line) => json({ preview: false, result: { _raw: line, _time: TIME } })),
  },
  {
    name: "Splunk, CSV",
    format: "splunk",
    wrap: (lines) =>
      csv(
        ["_time", "host", "_raw"],
        lines.map((line) => [TIME, "cp1", line]),
      ),
  },
  {
    name: "OTLP, text",
    format: "otlp",
    wrap: (lines) => each20(lines, (part) => `${otlp(part.map((line) => ({ stringValue: line })))}\n`),
  },
  {
    name: "OTLP, values",
    format: "otlp",
    wrap: (lines) => each20(lines, (part) => `${otlp(part.map((line) => otlpValue(object(line))))}\n`),
  },
  {
    name: "GELF over TCP",
    format: "gelf",
    wrap: (lines) => lines.map((line) => `${json({ version: "1.1", host: "cp1", short_message: line })}\0`).join(""),
  },
  {
    name: "ldp-tail",
    format: "ovh",
    wrap: each((line) => json({ message: json({ _appID: "x", host: "cp1", short_message: line }) })),
  },
  {
    name: "Vector",
    format: "vector",
    wrap: each((line) => json({ file: "/a.log", host: "cp1", message: line, source_type: "file", timestamp: TIME })),
  },
  {
    name: "ViaQ",
    format: "viaq",
    wrap: each((line) => {
      const event = object(line);
      return json({
        ...event,
        "@timestamp": TIME,
        k8s_audit_level: event["level"],
        level: "default",
        hostname: "cp1",
        log_type: "audit",
        log_source: "kubeAPI",
        openshift: { cluster_id: "c1", sequence: 1 },
        viaq_msg_id: "x",
      });
    }),
  },
  {
    name: "GDC",
    format: "gdc",
    wrap: each((line) =>
      json({ _gdch_cluster: "c1", _gdch_service_name: "apiserver", hostname: "cp1", ...object(line) }),
    ),
  },
  {
    name: "Fluent Bit over CRI",
    format: "fluent",
    wrap: each((line) => json({ date: 1.5, log: `${TIME} stdout F ${line}`, kubernetes: { host: "cp1" } })),
  },
  { name: "Fluentd", format: "fluentd-file", wrap: each((line) => `2026-11-21T00:05:23+00:00\tkube.audit\t${line}`) },
  { name: "Alibaba SLS", format: "flat", wrap: each((line) => json({ __time__: "1795183331", ...row(line) })) },
  { name: "zap", format: "shipper", wrap: each((line) => json({ level: "info", msg: line })) },
  { name: "grep in several files", format: "prefixed", wrap: each((line) => `/var/log/kubernetes/audit.log:${line}`) },
  {
    name: "a pipeline in Vector in the journal",
    format: "journal",
    wrap: each((line) =>
      json({ __CURSOR: "s", MESSAGE: json({ host: "cp1", source_type: "file", message: json({ message: line }) }) }),
    ),
  },
  {
    name: "Pub/Sub",
    format: "shipper",
    wrap: (lines) =>
      json(
        lines.map((line) => ({ ackId: "a", message: { data: Buffer.from(line).toString("base64"), messageId: "1" } })),
      ),
  },
  {
    name: "a Kafka REST proxy",
    format: "nested",
    wrap: (lines) => json(lines.map((line, offset) => ({ topic: "audit", key: null, value: object(line), offset }))),
  },
  {
    name: "a node's agent in Cloud Logging",
    format: "nested",
    wrap: each((line) => json({ jsonPayload: object(line), resource: { type: "k8s_node" }, timestamp: TIME })),
  },
  { name: "VictoriaLogs", format: "nested", wrap: each((line) => json({ _time: TIME, _stream: "{}", _msg: line })) },
  { name: "Ansible", format: "nested", wrap: (lines) => json({ rc: 0, stdout: lines.join("\n") }) },
  { name: "jq -R", format: "jsonl", wrap: each(json) },
  {
    name: "UTF-16, pretty-printed, CRLF",
    format: "array",
    wrap: (lines) =>
      Buffer.from(`\ufeff${JSON.stringify(lines.map(object), null, 2).replaceAll("\n", "\r\n")}`, "utf16le"),
  },
  {
    name: "keys backwards, byte order marks in the middle",
    format: "jsonl",
    wrap: (lines) =>
      lines
        .map(
          (line, at) =>
            `${at % 50 === 0 ? "\ufeff" : ""}${json(Object.fromEntries(Object.entries(object(line)).reverse()))}\n`,
        )
        .join(""),
  },
  {
    name: "five kinds in turn",
    format: "jsonl",
    wrap: (lines) =>
      lines
        .map((line, at) => {
          const kinds = [line, json({ kind: "EventList", items: [object(line)] }), json({ a: { b: [line] } })];
          return `${[...kinds, `${TIME} stdout F ${line}`, json(line)][at % 5]}\n`;
        })
        .join(""),
  },
];
