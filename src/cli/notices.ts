/** Put in by the build, which knows what it bundles (scripts/bundle/contents.mjs). */
declare const KTRAIL_NOTICES: string;

/** Licences of what is in the program, as they ask to be reproduced. */
export const NOTICES: string = KTRAIL_NOTICES;
