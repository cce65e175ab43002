/** Options of what is found, and of reports of it. */
import { SEVERITIES, type Severity } from "../findings/contract.ts";
import type { OptionSpec } from "./option-spec.ts";
import { choice, filled } from "./option-values.ts";

export interface FindingOptions {
  readonly failOn?: Severity;
  readonly on?: Severity;
  readonly run?: string;
  readonly baseline?: string;
  readonly expected?: string;
  readonly badAddresses?: string;
  readonly out?: string;
  readonly trail: readonly string[];
}

export const FINDING_OPTIONS: { readonly [K in keyof FindingOptions]-?: OptionSpec<NonNullable<FindingOptions[K]>> } = {
  failOn: {
    long: "fail-on",
    value: "SEVERITY",
    about: "exit with 4 when something is found that is at least this: info, low, medium, high or critical",
    parse: choice(SEVERITIES),
    completes: { words: SEVERITIES },
  },
  on: {
    long: "on",
    value: "SEVERITY",
    about: "with --run: for each finding that is at least this",
    parse: choice(SEVERITIES),
    completes: { words: SEVERITIES },
  },
  run: {
    long: "run",
    value: "CMD",
    about: "run this in a shell, the finding as JSON on its stdin",
  },
  baseline: {
    long: "baseline",
    value: "FILE",
    about: "leave out what this log, which is known to be good, has too",
    completes: "files",
  },
  out: {
    short: "o",
    long: "out",
    value: "PATH",
    about:
      "where to write: a report's file, .html or .md (what is there is replaced, unless it is one of the logs); a redacted log's directory, new or empty",
    completes: "files",
  },
  trail: {
    long: "trail",
    value: "OBJECT",
    about: "the life of this object too, and why it is gone; may be given several times",
    parse: (text) => [filled(text)],
    isRepeatable: true,
  },
  expected: {
    long: "expected",
    value: "FILE",
    about: "what is expected of whom, and no finding",
    defaultText: "~/.config/ktrail/findings.yaml",
    completes: "files",
  },
  badAddresses: {
    long: "bad-addresses",
    value: "FILE",
    about: "addresses and CIDR blocks that nobody should come from, one a line: Tor exits, a threat feed",
    completes: "files",
  },
};
