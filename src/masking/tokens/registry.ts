import { ANYBODY } from "./anybody.ts";
import { CLOUDS } from "./clouds.ts";
import { DEVELOPERS } from "./developers.ts";
import { PEOPLE } from "./people.ts";
import { PLATFORMS } from "./platforms.ts";
import type { TokenPattern } from "./contract.ts";

export const TOKEN_PATTERNS: readonly TokenPattern[] = [...ANYBODY, ...CLOUDS, ...DEVELOPERS, ...PEOPLE, ...PLATFORMS];
