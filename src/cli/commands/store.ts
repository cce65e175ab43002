import type { CliCommand } from "../contract.ts";

const OPERANDS = ["URL"];
const HOW = ["passwordFile", "output", "color", "ascii"] as const;
const EXAMPLE = "'clickhouse://ktrail@ch.example:8443/logs.audit'";

export const storeInit: CliCommand = {
  name: "store init",
  about: "make the table of a store, or bring one of an earlier version up to date",
  operands: OPERANDS,
  files: "none",
  options: ["ttl", "replacing", "onCluster", "cloud", ...HOW],
  outputs: ["table", "json"],
  examples: [
    [`ktrail store init ${EXAMPLE} --ttl 90`, "on one server; events go 90 days after they were shipped"],
    [`ktrail store init ${EXAMPLE} --on-cluster fleet`, "replicated, on the shards of a cluster"],
  ],
  async job(context) {
    const { runStore } = await import("../store/store-session.ts");
    return runStore("init", context);
  },
};

export const storeCheck: CliCommand = {
  name: "store check",
  about: "whether a store can be shipped to and asked: server, table, columns, settings, rights",
  operands: OPERANDS,
  files: "none",
  options: HOW,
  outputs: ["table", "json"],
  examples: [[`ktrail store check ${EXAMPLE}`, "exits 4 when something is wrong"]],
  async job(context) {
    const { runStore } = await import("../store/store-session.ts");
    return runStore("check", context);
  },
};

export const storeStats: CliCommand = {
  name: "store stats",
  about: "what a store holds, and what each column of it takes",
  operands: OPERANDS,
  files: "none",
  options: HOW,
  outputs: ["table", "json", "csv", "jsonl", "md"],
  examples: [[`ktrail store stats ${EXAMPLE}`, "bytes of every column, as the server measures them"]],
  async job(context) {
    const { runStore } = await import("../store/store-session.ts");
    return runStore("stats", context);
  },
};
