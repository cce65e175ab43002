import type { EngineOptions } from "../engine/contract.ts";
import { KtrailError } from "../errors.ts";
import type { Invocation } from "./contract.ts";

/** The store that --store names, with its password. Throws KT100 where inputs are named, too. */
export async function storeOf({ command, inputs, options }: Invocation): Promise<Pick<EngineOptions, "store">> {
  const { store: address, passwordFile } = options;
  if (address === undefined) return {};
  if (inputs.length + options.exec.length > 0)
    throw new KtrailError("KT100", "--store is asked instead of inputs: name one or the other");
  if (command.files !== undefined) throw new KtrailError("KT100", `ktrail ${command.name} takes no --store`);
  const [{ storeAddress }, { askedPassword, givenPassword }] = await Promise.all([
    import("../clickhouse/address.ts"),
    import("./store/password.ts"),
  ]);
  const { user } = storeAddress(address);
  const given = givenPassword(passwordFile);
  // The server's own user needs none.
  const password = given ?? (user === "default" ? "" : ((await askedPassword(user)) ?? ""));
  return { store: { address, password } };
}
