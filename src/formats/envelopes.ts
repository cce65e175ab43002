import { azureEnvelope } from "./azure/envelope.ts";
import type { Envelope } from "./contract.ts";
import { shipperEnvelope } from "./shipper/envelope.ts";

/** In the order they are tried: the general one last. */
export const envelopes: readonly Envelope[] = [azureEnvelope, shipperEnvelope];
