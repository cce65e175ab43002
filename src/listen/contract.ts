/** Taking audit events over HTTP as a webhook backend: what is asked for, and what comes of it. Plain values: they cross threads. */

export interface ListenAddress {
  /** As Node's listen takes it; "" for all interfaces. */
  readonly host: string;
  readonly port: number;
}

export interface ListenSettings {
  readonly address: ListenAddress;
  /** PEM files; null without TLS. */
  readonly tls: { readonly cert: string; readonly key: string } | null;
  /** PEM file of the authority that client certificates must come from. */
  readonly clientCa: string | null;
  /** A token a line, with the name of the API server it belongs to behind a comma. */
  readonly tokenFile: string | null;
  readonly spool: SpoolSettings | null;
}

export interface SpoolSettings {
  readonly directory: string;
  /** The oldest files go when all take more. */
  readonly mostBytes: number;
}

/** Events of one batch that are new, each a line with its newline, as an API server writes them to its log. */
export interface Received {
  /** Which API server sent them, as far as path, certificate or token tell; otherwise "". */
  readonly sender: string;
  readonly lines: Buffer;
}

export interface ListenCounts {
  readonly batches: number;
  readonly events: number;
  readonly duplicates: number;
  /** Requests that were answered 4xx or 5xx. */
  readonly refused: number;
  /** Of these, for lack of room: the API server tries again for some 80 s. */
  readonly deferred: number;
}

export interface ListenHooks {
  /** Takes events; what is not taken yet holds up the answer. Rejects when nothing is taken any more. */
  readonly take: (received: Received) => Promise<void>;
  /** What went wrong, or is worth knowing: a sentence. */
  readonly note: (sentence: string) => void;
}
