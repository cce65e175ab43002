import { array } from "./array.ts";
import { awsLogsTail } from "./aws-logs-tail.ts";
import { azure } from "./azure.ts";
import { cloudwatchEvents } from "./cloudwatch-events.ts";
import { cloudwatchExport } from "./cloudwatch-export.ts";
import { cloudwatchSubscription } from "./cloudwatch-subscription.ts";
import type { Format } from "./contract.ts";
import { cri } from "./cri.ts";
import { datadog } from "./datadog.ts";
import { docker } from "./docker.ts";
import { documents } from "./documents.ts";
import { ecs } from "./ecs.ts";
import { eventlist } from "./eventlist.ts";
import { flat } from "./flat.ts";
import { fluent } from "./fluent.ts";
import { fluentdFile } from "./fluentd-file.ts";
import { gdc } from "./gdc.ts";
import { gelf } from "./gelf.ts";
import { gke } from "./gke.ts";
import { journal } from "./journal.ts";
import { journalShort } from "./journal-short.ts";
import { jsonl } from "./jsonl.ts";
import { legacy } from "./legacy.ts";
import { list } from "./list.ts";
import { logAnalytics } from "./log-analytics.ts";
import { logsInsights } from "./logs-insights.ts";
import { loki } from "./loki.ts";
import { nested } from "./nested.ts";
import { nodeLogs } from "./node-logs.ts";
import { otlp } from "./otlp.ts";
import { ovh } from "./ovh.ts";
import { prefixed } from "./prefixed.ts";
import { shipper } from "./shipper.ts";
import { splunk } from "./splunk.ts";
import { syslog } from "./syslog.ts";
import { vector } from "./vector.ts";
import { viaq } from "./viaq.ts";
import { yaml } from "./yaml.ts";

/** All input formats. Of several that would open an object, the first does: the more special ones come before the others. */
export const formats: readonly Format[] = [
  jsonl,
  eventlist,
  list,
  array,
  documents,
  yaml,
  legacy,
  cri,
  docker,
  journal,
  journalShort,
  syslog,
  nodeLogs,
  cloudwatchEvents,
  cloudwatchSubscription,
  awsLogsTail,
  cloudwatchExport,
  logsInsights,
  gke,
  azure,
  logAnalytics,
  ecs,
  datadog,
  loki,
  splunk,
  otlp,
  gelf,
  ovh,
  vector,
  viaq,
  gdc,
  fluent,
  fluentdFile,
  flat,
  shipper,
  nested,
  prefixed,
];
