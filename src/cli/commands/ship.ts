import { KtrailError } from "../../errors.ts";
import type { CliCommand } from "../contract.ts";

export const ship: CliCommand = {
  name: "ship",
  about: "send events to a store for many logs (ClickHouse), each once, whatever is killed when",
  operands: [],
  options: [
    "to",
    "follow",
    "once",
    "listen",
    "exec",
    "journal",
    "metrics",
    "passwordFile",
    "tlsCert",
    "tlsKey",
    "clientCa",
    "tokenFile",
    "output",
  ],
  outputs: ["table", "json"],
  examples: [
    [
      "ktrail ship /var/log/kubernetes/audit --to 'clickhouse://ktrail@ch.example:8443/logs.audit?cluster=prod'",
      "what is there; run again, it goes on where it was",
    ],
    [
      "ktrail ship -f /var/log/kubernetes/audit.log --to clickhouse://localhost/logs.audit --metrics 127.0.0.1:9464",
      "as it grows, across rotation, with counters for Prometheus",
    ],
    [
      "ktrail ship --listen :9443 --tls-cert tls.crt --tls-key tls.key --token-file tokens --to clickhouse://localhost",
      "what API servers send",
    ],
  ],
  check: ({ to, follow, listen, once }) => {
    if (to === undefined)
      throw new KtrailError("KT100", "ktrail ship needs a store: --to clickhouse://HOST/DATABASE.TABLE");
    if (once && (follow || listen !== undefined))
      throw new KtrailError("KT100", "--once ends, -f and --listen do not: one or the other");
  },
  async job(context) {
    const { runShip } = await import("../store/store-session.ts");
    return runShip(context);
  },
};
