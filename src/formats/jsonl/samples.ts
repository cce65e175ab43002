import type { FormatSample } from "../contract.ts";
export const samples: readonly FormatSample[] = [];
