import type { Options } from "./options.ts";

/** Of `--bad-addresses`; nothing is loaded without it. Throws KT200 when the file cannot be read. */
export async function badAddressesOf({
  badAddresses: file,
}: Pick<Options, "badAddresses">): Promise<readonly string[]> {
  if (file === undefined) return [];
  const { readBadAddresses } = await import("./findings/bad-addresses.ts");
  return readBadAddresses(file);
}
