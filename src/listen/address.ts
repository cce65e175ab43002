import { isIP } from "node:net";
import { KtrailError } from "../errors.ts";
import type { ListenAddress } from "./contract.ts";

export const DEFAULT_ADDRESS: ListenAddress = { host: "127.0.0.1", port: 9443 };

/** `9443`, `:9443` (all interfaces), `10.0.0.5:9443`, `[::1]:9443`, `localhost`. Throws KT100. */
export function listenAddress(text: string): ListenAddress {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]*))(?::(\d{1,5}))?$/.exec(text);
  const bare = /^\d{1,5}$/.test(text);
  const host = bare ? DEFAULT_ADDRESS.host : (match?.[1] ?? match?.[2]);
  const port = bare ? Number(text) : match?.[3] === undefined ? DEFAULT_ADDRESS.port : Number(match[3]);
  const isHost = host === "" || (host !== undefined && (isIP(host) > 0 || /^[A-Za-z0-9][A-Za-z0-9.-]*$/.test(host)));
  if (text === "" || !isHost || port > 65_535) {
    throw new KtrailError(
      "KT100",
      `"${text.slice(0, 80)}" is no address; expected like 127.0.0.1:9443, [::1]:9443 or :9443`,
    );
  }
  return { host: host as string, port };
}

/** Whether only this machine reaches it. */
export function isLoopback({ host }: ListenAddress): boolean {
  return host === "localhost" || host === "::1" || /^127(?:\.\d{1,3}){3}$/.test(host);
}
