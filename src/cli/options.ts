/** Every option of the command line, declared once: the parser, --help and the docs read this table. */
import { formats } from "../formats/registry.ts";
import type { Dimension } from "../queries/contract.ts";
import { type MeasureId, POINT_MEASURES } from "../queries/measures.ts";
import type { ServiceAccount } from "../events/service-account.ts";
import { EXPLORER_OPTIONS, type ExplorerOptions } from "./explorer-options.ts";
import { FINDING_OPTIONS, type FindingOptions } from "./finding-options.ts";
import { LISTEN_OPTIONS, type ListenOptions } from "./listen-options.ts";
import { REDACT_OPTIONS, type RedactOptions } from "./redact-options.ts";
import { STORE_OPTIONS, type StoreOptions } from "./store-options.ts";
import type { OptionSpec } from "./option-spec.ts";
import { EXPANSIONS, type Expansion } from "../rbac/widen.ts";
import {
  choice,
  count,
  dimensions,
  durationMs,
  filled,
  limit,
  listOf,
  serviceAccount,
  sizeBytes,
  time,
} from "./option-values.ts";
import { OUTPUT_FORMATS, type OutputFormat } from "./output.ts";

export interface Options extends FindingOptions, ExplorerOptions, ListenOptions, RedactOptions, StoreOptions {
  readonly query?: string;
  readonly since?: string;
  readonly until?: string;
  readonly namespace?: string;
  readonly output?: OutputFormat;
  readonly limit?: number;
  readonly sort?: string;
  readonly reverse: boolean;
  readonly measures?: readonly MeasureId[];
  readonly by?: readonly Dimension[];
  readonly a?: string;
  readonly b?: string;
  readonly against?: string;
  readonly step?: number;
  readonly follow: boolean;
  readonly format: string;
  readonly capacity?: number;
  readonly memory?: number;
  readonly threads?: number;
  readonly tail?: number;
  readonly tz: "local" | "utc";
  readonly color: "auto" | "always" | "never";
  readonly ascii: boolean;
  readonly config?: string;
  readonly printConfig: boolean;
  readonly user: readonly string[];
  readonly serviceaccount: readonly ServiceAccount[];
  readonly group: readonly string[];
  readonly refused: boolean;
  readonly implied: boolean;
  readonly withoutDefaults: boolean;
  readonly names: number;
  readonly expand: readonly Expansion[];
  readonly expandNamespaces: boolean;
  readonly existing?: string;
  readonly policy?: string;
  readonly matrix: boolean;
  readonly bindings: boolean;
  readonly binding?: string;
  readonly exec: readonly string[];
  readonly store?: string;
  readonly at?: string;
  readonly manifest: boolean;
  readonly all: boolean;
}

export const DEFAULTS = {
  follow: false,
  reverse: false,
  format: "auto",
  tz: "local",
  color: "auto",
  ascii: false,
  theme: "auto",
  loFi: false,
  printConfig: false,
  noState: false,
  mouse: false,
  user: [],
  serviceaccount: [],
  group: [],
  refused: false,
  implied: false,
  withoutDefaults: false,
  names: 5,
  expand: [],
  expandNamespaces: false,
  matrix: false,
  bindings: false,
  trail: [],
  keep: [],
  exec: [],
  spoolSize: 4 * 1024 * 1024 * 1024,
  manifest: false,
  all: false,
  once: false,
  replacing: false,
  cloud: false,
} as const satisfies Partial<Options>;

/**
 * Taken by every command, whether or not it changes the answer: headless answers cover the whole input whatever the
 * capacity.
 */
export const SHARED_OPTIONS = [
  "capacity",
  "memory",
  "threads",
  "tail",
  "format",
  "tz",
  "color",
  "ascii",
  "theme",
  "loFi",
  "config",
] as const satisfies readonly (keyof Options)[];

export const OPTIONS: { readonly [K in keyof Options]-?: OptionSpec<NonNullable<Options[K]>> } = {
  query: {
    short: "q",
    long: "query",
    value: "FILTER",
    about: "only requests that match, in the explorer's filter language: 'code:4xx -group:system:nodes'",
    parse: (text) => text,
    completes: "filter",
  },
  since: {
    long: "since",
    value: "T",
    about:
      "only requests received at T or later: RFC 3339, 15m, now-2h (from now when following, else from the last event)",
    parse: time,
    completes: { words: ["15m", "1h", "6h", "24h"] },
  },
  until: { long: "until", value: "T", about: "only requests received before T", parse: time },
  namespace: {
    short: "n",
    long: "namespace",
    value: "NS",
    about: "only this namespace",
    parse: (text) => text,
    completes: { field: "ns" },
  },
  output: {
    short: "o",
    long: "output",
    value: "FORMAT",
    about: "how to print the answer",
    parse: choice(OUTPUT_FORMATS),
  },
  limit: { long: "limit", value: "N", about: "print at most N rows, or all; totals are of everything", parse: limit },
  sort: {
    long: "sort",
    value: "COLUMN",
    about: "by which column, the largest first, names by the alphabet",
    completes: "sorts",
  },
  reverse: { long: "reverse", about: "the other way round" },
  measures: {
    long: "measures",
    value: "LIST",
    about: `also these figures: ${POINT_MEASURES.join(" ")}`,
    parse: listOf(POINT_MEASURES),
    completes: { words: POINT_MEASURES },
  },
  by: {
    long: "by",
    value: "DIM[,DIM…]",
    about:
      "group by these: user group verb resource namespace name object code class useragent ip who … annotation:KEY",
    parse: dimensions,
    completes: "dimensions",
  },
  a: {
    long: "a",
    value: "SIDE",
    about:
      "what is compared: times (10:00..10:05, now-2h..now-1h, 2026-11-21T00:05Z..), an input, or a filter (apiserver:cp1)",
    parse: (text) => text,
  },
  b: { long: "b", value: "SIDE", about: "with what", parse: (text) => text },
  against: {
    long: "against",
    value: "POLICY",
    about: "another policy: what it would write, side by side",
    parse: (text) => text,
    completes: "files",
  },
  step: {
    long: "step",
    value: "DURATION",
    about: "width of a time step",
    defaultText: "1m",
    parse: durationMs,
    completes: { words: ["10s", "1m", "5m", "1h"] },
  },
  follow: { short: "f", long: "follow", about: "keep reading as the log grows, across rotation and truncation" },
  format: {
    long: "format",
    value: "NAME",
    about: "input format, when the sniffed one is wrong",
    defaultText: "auto",
    parse: choice(["auto", ...formats.map(({ id }) => id)]),
    completes: { words: ["auto", ...formats.map(({ id }) => id)] },
  },
  capacity: {
    long: "capacity",
    value: "N",
    about: "requests the explorer keeps; the oldest go first",
    defaultText: "1,000,000",
    parse: count(1),
  },
  memory: {
    long: "memory",
    value: "SIZE",
    about:
      "what the process may take, as far as ktrail can bound it: names that do not fit are counted as (other), and of stdin less can be shown again; totals stay exact",
    defaultText: "what --capacity needs, headless half of the machine's or cgroup's; never more than that half",
    parse: sizeBytes,
  },
  threads: {
    long: "threads",
    value: "N",
    about:
      "accepted and without effect: one thread reads, as more were not worth it; what is packed is unpacked beside it",
    defaultText: "1",
    parse: count(1),
  },
  tail: {
    long: "tail",
    value: "DURATION",
    about:
      "with -f: how much of the past is shown first, before the rest is filled in behind; 0: from now on, nothing before",
    defaultText: "15m",
    parse: (text) => (text === "0" ? 0 : durationMs(text)),
    completes: { words: ["0", "5m", "15m", "1h"] },
  },
  tz: {
    long: "tz",
    value: "ZONE",
    about: "times of tables: local or utc",
    defaultText: "local",
    parse: choice(["local", "utc"]),
    completes: { words: ["local", "utc"] },
  },
  color: {
    long: "color",
    value: "WHEN",
    about: "auto, always or never (NO_COLOR is honoured)",
    defaultText: "auto",
    parse: choice(["auto", "always", "never"]),
    completes: { words: ["auto", "always", "never"] },
  },
  ascii: { long: "ascii", about: "no characters beyond ASCII (automatic when the locale has no UTF-8)" },
  ...EXPLORER_OPTIONS,
  config: {
    long: "config",
    value: "FILE",
    about: "settings from this file; /dev/null for none",
    defaultText: "~/.config/ktrail/config.yaml",
    parse: (text) => text,
    completes: "files",
  },
  user: {
    long: "user",
    value: "USER",
    about: "rights of this user; may be given several times, like the next two",
    parse: (text) => [filled(text)],
    isRepeatable: true,
    completes: { field: "user" },
  },
  serviceaccount: {
    long: "serviceaccount",
    value: "NS/NAME",
    about: "rights of this service account",
    parse: (text) => [serviceAccount(text)],
    isRepeatable: true,
  },
  group: {
    long: "group",
    value: "GROUP",
    about: "rights of this group: what its members did",
    parse: (text) => [filled(text)],
    isRepeatable: true,
    completes: { field: "group" },
  },
  refused: { long: "refused", about: "grant what was only ever refused too, in roles of their own" },
  implied: {
    long: "implied",
    about: "grant what something may have needed although nobody asked for it: bind, escalate, use",
  },
  withoutDefaults: {
    long: "without-defaults",
    about: "leave out what Kubernetes' own roles and the Node authorizer grant",
  },
  names: {
    long: "names",
    value: "N",
    about: "keep objects' names where at most N lasting ones were asked for; all, or 0 for any name",
    defaultText: "5",
    parse: limit,
  },
  expand: {
    long: "expand",
    value: "VERBS",
    about: "beyond the log: reads (who gets, lists or watches may do all three), writes (update, patch), or both",
    parse: listOf(EXPANSIONS),
    completes: { words: EXPANSIONS },
  },
  expandNamespaces: {
    long: "expand-namespaces",
    about: "beyond the log: what was done in several namespaces is granted in all",
  },
  existing: {
    long: "existing",
    value: "RBAC.yaml",
    about:
      "roles and bindings as they are (kubectl get clusterroles,roles,clusterrolebindings,rolebindings -A -o json): tells what is granted and never used, and what is used and not granted; headless it then exits 4",
    completes: "files",
  },
  policy: {
    long: "policy",
    value: "POLICY",
    about: "an audit policy to hold the log against, for the policy pane (FILE, or FILE#KEY of several in it)",
  },
  matrix: { long: "matrix", about: "verb by resource instead: done, refused and, with --existing, what could be done" },
  bindings: { long: "bindings", about: "every binding instead: what it allowed, by whom, when last" },
  binding: {
    long: "binding",
    value: "NAME",
    about: "all that this binding (NAME, or NS/NAME) allowed, by whom, when last",
  },
  exec: {
    long: "exec",
    value: "CMD",
    about:
      "the output of a shell command is an input, as one API server's; may be given several times. With -f it is started again when it ends, in the explorer when it fails",
    parse: (text) => [filled(text)],
    isRepeatable: true,
  },
  store: {
    long: "store",
    value: "URL",
    about:
      "ask a store that logs were shipped to instead of reading files: clickhouse://USER@HOST:PORT/DB.TABLE?cluster=NAME, with ca=, cert= and key= for files of TLS",
  },
  ...LISTEN_OPTIONS,
  at: { long: "at", value: "T[..T2]", about: "as it was at T; T..T2: what changed in between", parse: filled },
  manifest: { long: "manifest", about: "bare, to apply again; masked on a terminal only" },
  all: { long: "all", about: "every step, those too that tell nothing new" },
  ...FINDING_OPTIONS,
  ...REDACT_OPTIONS,
  ...STORE_OPTIONS,
  printConfig: {
    long: "print-config",
    about:
      "print every setting with where it comes from (ktrail listen: the API server's kubeconfig and flags), and leave",
  },
};
