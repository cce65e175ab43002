/** What the explorer's process begins anew with; see bounded.cjs. */
export declare const FLAG: string;
export declare const MALLOC: Readonly<Record<string, string>>;
export declare function beginBounded(own: readonly string[]): void;
