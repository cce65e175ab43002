/** Which values a field takes in the filter language. */
export type FieldKind =
  /** Exact, glob or regex. */
  | "text"
  /** As text, but unquoted words of `words` match in any case. */
  | "word"
  /** `pods`, `deploy`, `deployments.apps`, `pods/binding` */
  | "resource"
  /** `demo/deployments.apps/nginx`, `deploy/nginx`, `nodes/worker-1` */
  | "object"
  /** HTTP status: number, `4xx`, comparison */
  | "code"
  /** Comparison with a duration */
  | "duration"
  /** Comparison with a number of bytes: `64k`, `1.5MiB` */
  | "size"
  /** Address or CIDR block, v4 or v6 */
  | "address"
  /** RFC 3339, date, clock time, `15m`, `now-2h` */
  | "time"
  /** `true` or `false` */
  | "flag"
  /** `field:KEY=VALUE`, `field:KEY>=VALUE`; without an operator the key must be there. */
  | "keyed";

/** A row of the table of fields: filters, their suggestions, dimensions, columns of the index, help and docs/fields.md read it. */
export interface Field {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly kind: FieldKind;
  readonly title: string;
  readonly doc: string;
  readonly example: string;
  /** Values worth suggesting; the whole vocabulary for kind `word`. */
  readonly words?: readonly string[];
  /** Words that stand for several values. */
  readonly classes?: Readonly<Record<string, readonly string[]>>;
  /** The index keeps it as it stands in the event: where, and as which fact (event-facts.ts). */
  readonly column?: StoredColumn;
  /** Absent: nobody groups by it. */
  readonly dimension?: DimensionOf;
}

/** Texts by code, a column of one of the index's tables of tuples. */
export type StoredColumn =
  | { readonly table: "actor"; readonly fact: "user" | "useragent" | "ip" }
  | { readonly table: "target"; readonly fact: "subresource" | "namespace" | "name" | "uid" | "uri" }
  | { readonly table: "outcome"; readonly fact: "verb" | "reason" | "decision" | "authReason" };

/** What groups by the values of a field are called. */
export interface DimensionOf {
  readonly id: string;
  /** Column title, singular; default: the field's. */
  readonly title?: string;
  readonly plural: string;
  /** The question it answers. */
  readonly about: string;
  /** Key in the group-by pane. */
  readonly key: string;
}
