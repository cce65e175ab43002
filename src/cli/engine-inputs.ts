import { existsSync } from "node:fs";
import type { EngineOptions } from "../engine/contract.ts";
import { DEFAULT_ADDRESS, isLoopback, listenAddress } from "../listen/address.ts";
import type { ListenSettings } from "../listen/contract.ts";
import { KtrailError } from "../errors.ts";
import type { Invocation } from "./contract.ts";

/** What an engine reads for a command line. */
export type EngineInputs = Pick<EngineOptions, "inputs" | "commands" | "listen" | "follow">;

/** `history`: show what was spooled before. Throws KT100 where listening would be open to strangers, or asked for wrongly. */
export function engineInputs(invocation: Invocation, history: boolean): EngineInputs {
  const { command, inputs, options } = invocation;
  if (command.files !== "address") return { inputs, commands: options.exec, follow: options.follow };
  const { spool } = options;
  return {
    inputs: history && spool !== undefined && existsSync(spool) ? [spool] : [],
    listen: listenSettings(invocation),
    follow: true,
  };
}

/** Throws KT100. */
export function listenSettings({ inputs, options }: Pick<Invocation, "inputs" | "options">): ListenSettings {
  const { tlsCert, tlsKey, clientCa = null, tokenFile = null, spool, spoolSize } = options;
  const wrong = (message: string): KtrailError => new KtrailError("KT100", `ktrail listen: ${message}`);
  if (inputs.length > 1) throw wrong("takes one address");
  if ((tlsCert === undefined) !== (tlsKey === undefined)) throw wrong("takes both or none of --tls-cert and --tls-key");
  const tls = tlsCert === undefined || tlsKey === undefined ? null : { cert: tlsCert, key: tlsKey };
  if (clientCa !== null && tls === null) throw wrong("--client-ca needs --tls-cert and --tls-key");
  const address = inputs[0] === undefined ? DEFAULT_ADDRESS : listenAddress(inputs[0]);
  if (!isLoopback(address)) {
    if (tls === null) throw wrong("beyond this machine it needs --tls-cert and --tls-key");
    if (clientCa === null && tokenFile === null) {
      throw wrong("beyond this machine it needs --client-ca or --token-file, so that not everybody can send events");
    }
  }
  return {
    address,
    tls,
    clientCa,
    tokenFile,
    spool: spool === undefined ? null : { directory: spool, mostBytes: spoolSize },
  };
}
