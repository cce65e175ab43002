import { shownAddress, type StoreAddress } from "../../clickhouse/address.ts";
import { ask, type Client, openClient } from "../../clickhouse/client.ts";
import { isAnswered, isRefused, reasonOf } from "../../clickhouse/failure.ts";
import { UnusableTable } from "../../clickhouse/table/table-state.ts";
import { KtrailError } from "../../errors.ts";
import { askedPassword, givenPassword } from "./password.ts";

export interface OpenStore {
  readonly client: Client;
  readonly close: () => Promise<void>;
}

/** How a user is known to a store; what was asked for on the terminal is kept for the next try. */
export interface Credentials {
  password: string | null;
  /** Null: nobody wants to say. */
  readonly ask: () => Promise<string | null>;
}

/** Throws KT100 for a password file that cannot be read. */
export function credentialsOf({ user }: StoreAddress, passwordFile: string | undefined): Credentials {
  return { password: givenPassword(passwordFile), ask: () => askedPassword(user) };
}

/** Opens the store and asks it something small; a password is asked for where one is missing. Throws KT203. */
export async function openStore(address: StoreAddress, credentials: Credentials): Promise<OpenStore> {
  for (;;) {
    const password = credentials.password ?? "";
    // Answers are packed once it is known that the user may have that.
    const bare = openClient(address, { password, isBare: true });
    try {
      const [told] = await ask<{ readonly: string }>(bare, "SELECT toString(getSetting('readonly')) AS readonly");
      if (told?.readonly === "1") return { client: bare, close: () => bare.close() };
      await bare.close();
      const client = openClient(address, { password });
      return { client, close: () => client.close() };
    } catch (error) {
      await bare.close();
      const asked = isRefused(error) && credentials.password === null ? await credentials.ask() : null;
      if (asked === null) throw unusable(address, error);
      credentials.password = asked;
    }
  }
}

export function unusable(address: StoreAddress, error: unknown): KtrailError {
  const reason = error instanceof UnusableTable ? error.message : reasonOf(error);
  return Object.assign(new KtrailError("KT203", `${shownAddress(address)}: ${reason}`), { cause: error });
}

/** Whether no server has answered. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof KtrailError && error.cause !== undefined && !isAnswered(error.cause);
}
