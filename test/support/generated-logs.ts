import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemonSetTriplesLoad } from "./generated/daemonset.ts";
import { garbageCollector422 } from "./generated/garbage-collector.ts";
import { kubelet } from "./generated/kubelet.ts";
import { cluster, daysOfListLatency } from "./generated/latency.ts";
import { nodesAre80Percent } from "./generated/nodes.ts";
import { quotaRefusesPods } from "./generated/quota.ts";
import { slowWebhook } from "./generated/webhook.ts";

/** Logs made for cases no recorded log here has; the name stands on the screen as the input's. */
const GENERATED = {
  "generated-kubelet.log": kubelet,
  "generated-nodes-80-percent.log": nodesAre80Percent,
  "generated-five-days-of-lists.log": daysOfListLatency,
  "generated-gc-422.log": garbageCollector422,
  "generated-daemonset.log": daemonSetTriplesLoad,
  "generated-quota.log": quotaRefusesPods,
  "generated-slow-webhook.log": slowWebhook,
  "generated-600-nodes.log": () => cluster(600, 4),
  "generated-1600-nodes.log": () => cluster(1_600, 11),
} as const;

export type GeneratedLog = keyof typeof GENERATED;

export interface WrittenLogs {
  readonly paths: readonly string[];
  remove(): void;
}

/** Writes them side by side into `test/.generated/<use>`, relative to the repository's root: paths are on the screen. */
export function writeGenerated(use: string, names: readonly GeneratedLog[]): WrittenLogs {
  const folder = join("test", ".generated", use);
  mkdirSync(folder, { recursive: true });
  const paths = names.map((name) => {
    const path = join(folder, name);
    writeFileSync(path, GENERATED[name]());
    return path;
  });
  return { paths, remove: () => rmSync(folder, { recursive: true }) };
}
