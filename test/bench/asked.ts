/** Asked in this order: what opens on a log that was just read comes before what computes things for it. */
export const ASKED = ["latency", "compare", "groups", "regroups", "series", "page", "find"] as const;
export type Asked = (typeof ASKED)[number];
