/** `sorts`: what the command sorts by. `field`: of the filter language, whose values the log has. */
export type Completes =
  | "files"
  | "filter"
  | "dimensions"
  | "sorts"
  | { readonly words: readonly string[] }
  | { readonly field: string };

export interface OptionSpec<T> {
  readonly short?: string;
  readonly long: string;
  /** Name of the value in help; absent: a switch. */
  readonly value?: string;
  readonly about: string;
  /** As shown in help. */
  readonly defaultText?: string;
  /** What a shell offers as its value. Of --output: what the command prints. */
  readonly completes?: Completes;
  /** Throws KtrailError KT100 with a sentence. Default: any text but an empty one, or nothing where it is a switch. */
  readonly parse?: (text: string) => T;
  /** May be given several times: the values of all, which `parse` makes lists of. */
  readonly isRepeatable?: boolean;
}
