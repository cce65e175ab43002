/** Options of a store that logs are shipped to, and of shipping. */
import type { OptionSpec } from "./option-spec.ts";
import { count } from "./option-values.ts";

export interface StoreOptions {
  readonly to?: string;
  readonly listen?: string;
  readonly once: boolean;
  readonly journal?: string;
  readonly metrics?: string;
  readonly passwordFile?: string;
  readonly replacing: boolean;
  readonly onCluster?: string;
  readonly cloud: boolean;
  readonly ttl?: number;
}

export const STORE_OPTIONS: { readonly [K in keyof StoreOptions]-?: OptionSpec<NonNullable<StoreOptions[K]>> } = {
  to: {
    long: "to",
    value: "URL",
    about: "the store: clickhouse://USER@HOST:PORT/DB.TABLE?cluster=NAME; ca=, cert= and key= name files for TLS",
  },
  listen: {
    long: "listen",
    value: "ADDR",
    about: "also take events as an audit webhook backend; a batch is acknowledged when it is in the journal",
  },
  once: { long: "once", about: "end when all is shipped that is there: what happens without -f and --listen" },
  journal: {
    long: "journal",
    value: "DIR",
    about: "where it is written down what was shipped, so that nothing is lost or sent twice",
    defaultText: "one for each store in ~/.local/state/ktrail/ship",
    completes: "files",
  },
  metrics: {
    long: "metrics",
    value: "ADDR|FILE",
    about: "counters for Prometheus: over HTTP at HOST:PORT, or in a file that is written anew every 5 s",
  },
  passwordFile: {
    long: "password-file",
    value: "FILE",
    about: "the password of the store's user; else it is in KTRAIL_STORE_PASSWORD, or asked for on a terminal",
    completes: "files",
  },
  replacing: {
    long: "replacing",
    about: "a table in which what several shippers sent becomes one: for overlapping shippers on several machines",
  },
  onCluster: {
    long: "on-cluster",
    value: "NAME",
    about: "replicated tables on this cluster of servers, behind a distributed one: an object's life is on one shard",
  },
  cloud: { long: "cloud", about: "a table for ClickHouse Cloud" },
  ttl: {
    long: "ttl",
    value: "DAYS",
    about: "how long events are kept, counted from when they were shipped",
    defaultText: "for ever",
    parse: count(1),
  },
};
