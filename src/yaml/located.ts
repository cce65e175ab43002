/** What a YAML file says, with where it says it, but without anything of a parser. */
export type Located = LocatedText | LocatedMap | LocatedList;

/** 1-based. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A scalar as it was written: `1_000`, `true`, `#ff0000`. Null for `~`, `null` and nothing at all. */
export interface LocatedText {
  readonly kind: "text";
  readonly text: string | null;
  readonly place: Place;
  /** Written without quotes: YAML makes a number or a truth value of some of these. */
  readonly isPlain: boolean;
  /** Of a `|` block: where its first line begins; its other lines follow it in the file. */
  readonly block?: Place;
}

export interface LocatedMap {
  readonly kind: "map";
  /** In their order; a key that is written twice is there twice, unless it was refused. */
  readonly entries: readonly LocatedEntry[];
  readonly place: Place;
}

export interface LocatedEntry {
  readonly key: string;
  readonly place: Place;
  readonly value: Located;
}

export interface LocatedList {
  readonly kind: "list";
  readonly items: readonly Located[];
  readonly place: Place;
}

/** A mistake in a file. */
export interface YamlProblem {
  /** Null: of the file as a whole. */
  readonly place: Place | null;
  readonly message: string;
}
