import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { SNIFF_BYTES } from "../../src/formats/contract.ts";
import { eventsIn } from "../../src/formats/reading/open-reader.ts";
import { sniff } from "../../src/formats/sniffing/sniff.ts";
import { describeShared } from "../support/shared-data.ts";
import { readAll } from "./collect.ts";

interface Truth {
  readonly documents: number;
  readonly events: number;
}

function load(path: string): Buffer {
  const data = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(data) : data;
}

function sniffFile(data: Buffer): ReturnType<typeof sniff> {
  return sniff(data.subarray(0, SNIFF_BYTES), data.length <= SNIFF_BYTES);
}

describeShared("public logs", ["data/public"], (folder) => {
  const truth = JSON.parse(readFileSync(join(folder, "TRUTH.json"), "utf8")) as Record<string, Truth>;
  const logs = Object.entries(truth).filter(([path]) => !path.endsWith(".csv"));

  it.each(logs)("%s: as many events as counted independently", (path, { documents, events }) => {
    const data = load(join(folder, path));
    const found = sniffFile(data);
    if (events === 0) {
      expect(found).toMatchObject({
        kind: "refused",
        reason: expect.stringMatching(/^looks like .*, not a Kubernetes audit log$/),
      });
      return;
    }
    if (found.kind !== "format") throw new Error(`${path} is not recognised: ${JSON.stringify(found)}`);
    const read = readAll("", data, [4096]);
    expect(read.records).toHaveLength(events);
    const bad = read.rejects.filter(({ kind }) => kind === "bad");
    expect(bad.filter(({ reason }) => reason !== "an audit event without auditID")).toEqual([]);
    if (found.format === "jsonl") expect(read.records.length + read.rejects.length).toBe(documents);
  });

  it.each([
    [
      "perfspec-dataset/audit-logs.csv",
      "looks like CSV made of audit events by Logstash, without a header (as perfspec's), not a Kubernetes audit log",
    ],
    ["perfspec-dataset/audit-policy.yaml", "looks like an audit policy (YAML), not a Kubernetes audit log"],
    [
      "khi/gke_audit/cluster_creation_started.yaml",
      "looks like YAML (a Google Cloud audit entry of container.googleapis.com (the GKE service's own API)), not a Kubernetes audit log",
    ],
    [
      "kube-audit-rest/kube-audit-rest.log",
      "looks like AdmissionReviews, as an admission webhook (kube-audit-rest) logs them, not a Kubernetes audit log",
    ],
    [
      "falco/k8s_audit/fal_01_003.json",
      "looks like JSON (an object without auditID and stage), not a Kubernetes audit log",
    ],
  ])("%s is refused", (path, reason) => {
    expect(sniffFile(load(join(folder, path)))).toEqual({ kind: "refused", reason });
  });
});

describeShared("webhook bodies", ["data/webhook"], (folder) => {
  it.each(["batch-h2", "blocking-h1", "batch-failures", "blocking-strict-failures"])(
    "%s: every item of every body",
    (run) => {
      const data = load(join(folder, run, "bodies.ndjson.gz"));
      const bodies = data
        .toString()
        .split("\n")
        .filter((line) => line !== "");
      const items = bodies.flatMap((body) => (JSON.parse(body) as { items: { auditID: string }[] }).items);
      const { records, rejects } = readAll("", data, [100_000]);
      expect(rejects).toEqual([]);
      expect(records.map(({ text }) => (JSON.parse(text) as { auditID: string }).auditID)).toEqual(
        items.map(({ auditID }) => auditID),
      );
    },
  );
});

describeShared("cluster logs", ["data/cluster"], (clusters) => {
  const clusterR = readdirSync(join(clusters, "R")).filter((name) => name.startsWith("audit"));

  it("R: every line of the rotated set is an event", () => {
    const counts = clusterR.map((name) => {
      const data = load(join(clusters, "R", name));
      expect(sniffFile(data)).toMatchObject({ kind: "format", format: "jsonl" });
      const read = readAll("jsonl", data, [65_536]);
      expect(read.rejects).toEqual([]);
      return read.records.length;
    });
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(9294);
  });

  it.each([
    ["L/audit.log.gz", "jsonl", 1204],
    ["W/eventlists.ndjson.gz", "eventlist", 9082],
  ])("%s: each event is found again at its offset", (path, format, events) => {
    const data = load(join(clusters, path));
    expect(sniffFile(data)).toMatchObject({ kind: "format", format });
    const read = readAll(format, data, [100_000]);
    expect(read.rejects).toEqual([]);
    expect(read.records).toHaveLength(events);
    for (const { text, offset, bytes } of read.records) {
      if (data.toString("utf8", offset, offset + bytes) !== text) throw new Error(`${path} differs at ${offset}`);
    }
    const { text, offset, bytes } = read.records[700] as (typeof read.records)[number];
    expect(eventsIn(data.subarray(offset, offset + bytes), offset, "").map(String)).toEqual([text]);
  });
});
