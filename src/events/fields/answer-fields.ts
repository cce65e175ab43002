import type { Field } from "../field.ts";

/** How it is answered. In the order in which they are offered. */
export const ANSWER_FIELDS = [
  {
    id: "code",
    aliases: ["status"],
    kind: "code",
    title: "status code",
    doc: 'HTTP status code: number, class, comparison or range (`200..299`); `code:""` has none.',
    example: "code:4xx,>=500",
    dimension: { id: "code", title: "code", plural: "codes", about: "status codes", key: "c" },
  },
  {
    id: "class",
    kind: "word",
    title: "code class",
    doc: "First digit of the status code.",
    example: "class:5xx",
    words: ["1xx", "2xx", "3xx", "4xx", "5xx"],
    dimension: { id: "class", title: "class", plural: "code classes", about: "2xx, 3xx, 4xx, 5xx", key: "x" },
  },
  {
    id: "latency",
    aliases: ["duration"],
    kind: "duration",
    title: "latency",
    doc: "stageTimestamp − requestReceivedTimestamp of a request that is answered; a bare number is ms, `10ms..20ms` a range. Watches count with their whole life: add `long:false` to leave them out.",
    example: "latency:>500ms",
  },
  {
    id: "long",
    aliases: ["longrunning"],
    kind: "flag",
    title: "long-running",
    doc: "watch, exec, attach, portforward, proxy, log -f: counted, but kept out of latency figures.",
    example: "long:false",
    words: ["true", "false"],
  },
  {
    id: "bytes",
    aliases: ["size"],
    kind: "size",
    title: "event size",
    doc: "Length of the event where it was read, in bytes, bodies included: the one of the latest stage. `k`, `M` and `G` are powers of 1,000, `Ki`, `Mi` and `Gi` of 1,024; a `B` behind them is welcome.",
    example: "bytes:>64k",
  },
] as const satisfies readonly Field[];
