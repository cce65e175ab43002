/** An event's `impersonatedUser`, as parsed JSON; null where nobody was impersonated. An empty one counts as none. */
export function impersonatedOf(value: unknown): Readonly<Record<string, unknown>> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return Object.keys(value).length === 0 ? null : (value as Readonly<Record<string, unknown>>);
}
