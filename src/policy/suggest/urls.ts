/** URLs that are asked for all the time and answer everybody the same. */
export const QUIET_URLS = {
  probes: ["/healthz*", "/livez*", "/readyz*", "/version"],
  discovery: ["/api", "/api/*", "/apis", "/apis/*", "/openapi/*"],
} as const;
