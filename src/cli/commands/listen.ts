import type { CliCommand } from "../contract.ts";
import { events } from "./events.ts";

export const listen: CliCommand = {
  name: "listen",
  about: "be an audit webhook backend: take events from API servers over HTTP(S), and show or print them as they come",
  operands: [],
  files: "address",
  options: [
    "tlsCert",
    "tlsKey",
    "clientCa",
    "tokenFile",
    "spool",
    "spoolSize",
    "printConfig",
    "query",
    "namespace",
    "output",
    "limit",
    "capacity",
    "memory",
    "tz",
    "color",
    "ascii",
    "theme",
    "loFi",
    "config",
    "view",
    "noState",
  ],
  defaults: { output: "the explorer on a terminal, else jsonl", limit: "all" },
  outputs: ["jsonl", "json", "csv", "raw", "table", "md"],
  examples: [
    ["ktrail listen", "on 127.0.0.1:9443, without TLS: only this machine reaches it"],
    [
      "ktrail listen :9443 --tls-cert tls.crt --tls-key tls.key --token-file tokens --spool /var/spool/ktrail",
      "for other machines, which need a token; what is acknowledged is on the disk",
    ],
    ["ktrail listen --print-config > webhook.yaml", "what the API server needs to send its events here"],
  ],
  answer: events.answer,
};
