import { readFileSync } from "node:fs";
import { KtrailError } from "../errors.ts";

/** Where a store is, and how to get in: `clickhouse://user@host:8443/db.table?cluster=…`. */
export interface StoreAddress {
  /** `https://host:8443` */
  readonly url: string;
  readonly database: string;
  readonly table: string;
  readonly user: string;
  /** Which Kubernetes cluster is meant: what is shipped is marked with it, what is asked restricted to it; "" for all. */
  readonly cluster: string;
  /** PEM, of files named in the address. */
  readonly tls: { readonly ca: Buffer; readonly cert?: Buffer; readonly key?: Buffer } | null;
}

const SCHEMES: ReadonlyMap<string, string> = new Map([
  ["clickhouse:", ""],
  ["clickhouse+http:", "http"],
  ["clickhouse+https:", "https"],
]);
const PARAMETERS = ["cluster", "ca", "cert", "key", "secure"];
const DEFAULT_PORT = { http: 8123, https: 8443 };
const SECURE_PORTS: ReadonlySet<string> = new Set(["443", "8443"]);
const LOCAL = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

export function isStoreAddress(text: string): boolean {
  return /^clickhouse(?:\+https?)?:\/\//.test(text);
}

/** Throws KT100 with what is wrong. A password is refused: the address is seen in process lists and kept in histories. */
export function storeAddress(text: string): StoreAddress {
  const wrong = (what: string): KtrailError =>
    new KtrailError(
      "KT100",
      `${withoutPassword(text)}: ${what} (clickhouse://USER@HOST:PORT/DATABASE.TABLE?cluster=NAME)`,
    );
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw wrong("it is no URL");
  }
  const scheme = SCHEMES.get(url.protocol);
  if (scheme === undefined || url.hostname === "") throw wrong("it does not begin with clickhouse://HOST");
  if (url.password !== "")
    throw wrong("a password in it would be seen by others; it is taken from KTRAIL_STORE_PASSWORD, a file or a prompt");
  const unknown = [...url.searchParams.keys()].find((name) => !PARAMETERS.includes(name));
  if (unknown !== undefined) throw wrong(`${unknown} is none of ${PARAMETERS.join(", ")}`);
  const isSecure = scheme === "https" || (scheme === "" && isSecureBy(url));
  if (!isSecure && scheme === "" && !LOCAL.test(url.hostname) && url.searchParams.get("secure") !== "0")
    throw wrong("beyond this machine it is asked over TLS: a secure port, or secure=0 where the way is safe");
  const [database = "", table = "", ...more] = decodeURIComponent(url.pathname.slice(1)).split(".");
  if (more.length > 0) throw wrong("there is one dot between database and table");
  const protocol = isSecure ? "https" : "http";
  return {
    url: `${protocol}://${url.hostname}:${url.port === "" ? DEFAULT_PORT[protocol] : url.port}`,
    database: database === "" ? "default" : database,
    table: table === "" ? "audit" : table,
    user: decodeURIComponent(url.username) || "default",
    cluster: url.searchParams.get("cluster") ?? "",
    tls: tlsOf(url.searchParams, wrong),
  };
}

/** As it may be shown: without what may be a secret. */
export function shownAddress({ url, database, table, user, cluster }: StoreAddress): string {
  const host = url.replace(/^https?:\/\//, "");
  const of = cluster === "" ? "" : `?cluster=${encodeURIComponent(cluster)}`;
  return `clickhouse://${encodeURIComponent(user)}@${host}/${database}.${table}${of}`;
}

function isSecureBy(url: URL): boolean {
  const told = url.searchParams.get("secure");
  if (told !== null) return told !== "0";
  return url.searchParams.has("ca") || SECURE_PORTS.has(url.port) || (url.port === "" && !LOCAL.test(url.hostname));
}

function withoutPassword(text: string): string {
  return text.replace(/^([^/]*\/\/[^@:]*):.*@/, "$1@");
}

function tlsOf(parameters: URLSearchParams, wrong: (what: string) => KtrailError): StoreAddress["tls"] {
  const read = (name: string): Buffer | null => {
    const path = parameters.get(name);
    if (path === null) return null;
    try {
      return readFileSync(path);
    } catch (error) {
      throw wrong(`${name} ${path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  const [ca, cert, key] = [read("ca"), read("cert"), read("key")];
  if ((cert === null) !== (key === null)) throw wrong("cert and key belong together");
  if (cert !== null && ca === null) throw wrong("cert needs ca, the authority of the server");
  if (ca === null) return null;
  return { ca, ...(cert === null || key === null ? {} : { cert, key }) };
}
