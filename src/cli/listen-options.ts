/** Options of an audit webhook backend. */
import type { OptionSpec } from "./option-spec.ts";
import { sizeBytes } from "./option-values.ts";

export interface ListenOptions {
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly clientCa?: string;
  readonly tokenFile?: string;
  readonly spool?: string;
  readonly spoolSize: number;
}

export const LISTEN_OPTIONS: { readonly [K in keyof ListenOptions]-?: OptionSpec<NonNullable<ListenOptions[K]>> } = {
  tlsCert: {
    long: "tls-cert",
    value: "FILE",
    about: "serve HTTPS with this certificate (PEM)",
    completes: "files",
  },
  tlsKey: { long: "tls-key", value: "FILE", about: "the certificate's key (PEM)", completes: "files" },
  clientCa: {
    long: "client-ca",
    value: "FILE",
    about:
      "take events only from clients with a certificate of this authority (PEM); its common name is their apiserver",
    completes: "files",
  },
  tokenFile: {
    long: "token-file",
    value: "FILE",
    about: "take events only with a bearer token that is a line of this file, its API server's name behind a comma",
    completes: "files",
  },
  spool: {
    long: "spool",
    value: "DIR",
    about: "keep what is taken in DIR, as rotating .jsonl.gz, and acknowledge it only when it is on the disk",
    completes: "files",
  },
  spoolSize: {
    long: "spool-size",
    value: "SIZE",
    about: "the most the spool may take, of each sender: the oldest files go first",
    defaultText: "4GiB",
    parse: sizeBytes,
  },
};
