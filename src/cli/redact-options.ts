/** Options of logs that are made to be shared. */
import { KEEP_CLASSES, type KeepClass } from "../redaction/redactor.ts";
import type { OptionSpec } from "./option-spec.ts";
import { listOf } from "./option-values.ts";

export interface RedactOptions {
  readonly keep: readonly KeepClass[];
  readonly key?: string;
  readonly mapping?: string;
}

export const REDACT_OPTIONS: { readonly [K in keyof RedactOptions]-?: OptionSpec<NonNullable<RedactOptions[K]>> } = {
  keep: {
    long: "keep",
    value: "CLASSES",
    about: `leave these as they are: ${KEEP_CLASSES.join(", ")}`,
    parse: listOf(KEEP_CLASSES),
    isRepeatable: true,
    completes: { words: KEEP_CLASSES },
  },
  key: {
    long: "key",
    value: "FILE",
    about:
      "make pseudonyms with what is in this file, so that they are the same in every run; else they are new in each",
    completes: "files",
  },
  mapping: {
    long: "mapping",
    value: "FILE",
    about: "write who is who into this new file, readable by you only",
    completes: "files",
  },
};
