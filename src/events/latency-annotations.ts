/** Layers of a slow request, as the API server writes them into annotations: `apiserver.latency.k8s.io/etcd: 2.398085ms`. */

export const LATENCY_ANNOTATION = "apiserver.latency.k8s.io/";

export interface LatencyPart {
  readonly name: string;
  readonly ms: number;
}

/** Where the time went, largest first; the API server says so only above 500 ms. `total` is left away. */
export function latencyParts(annotations: Readonly<Record<string, string>>): LatencyPart[] {
  const parts: LatencyPart[] = [];
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(LATENCY_ANNOTATION) || key === `${LATENCY_ANNOTATION}total`) continue;
    const ms = goDuration(value);
    if (ms !== null) parts.push({ name: key.slice(LATENCY_ANNOTATION.length), ms });
  }
  return parts.sort((a, b) => b.ms - a.ms);
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["µs", 1e-3],
  ["μs", 1e-3],
  ["ms", 1],
  ["s", 1e3],
  ["m", 6e4],
  ["h", 3.6e6],
]);

/** Go's time.Duration text ("1.506921507s", "1m2.5s") in ms; null when it is none. */
export function goDuration(text: string): number | null {
  if (text.length > 40 || !/^(?:\d+(?:\.\d+)?(?:ns|us|µs|μs|ms|s|m|h))+$/.test(text)) return null;
  let ms = 0;
  for (const [, value = "", unit = ""] of text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|μs|ms|s|m|h)/g))
    ms += Number(value) * (UNITS.get(unit) ?? 0);
  return ms;
}
