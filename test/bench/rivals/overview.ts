/** The job every program is measured on: top 20 users, requests by code and by verb and resource, p99 latency by verb. */

export interface AuditEvent {
  readonly verb?: string;
  readonly user?: { readonly username?: string };
  readonly objectRef?: { readonly resource?: string; readonly apiGroup?: string; readonly subresource?: string };
  readonly responseStatus?: { readonly code?: number };
  readonly requestURI?: string;
  readonly requestReceivedTimestamp?: string;
  readonly stageTimestamp?: string;
  readonly impersonatedUser?: { readonly username?: string };
}

/** What each program prints, as JSON. Counts are sorted by count, then name. */
export interface Overview {
  readonly events: number;
  readonly users: readonly (readonly [name: string, count: number])[];
  readonly codes: readonly (readonly [name: string, count: number])[];
  readonly verbs: readonly (readonly [name: string, count: number])[];
  readonly p99: Readonly<Record<string, number>>;
}

export const TOP_USERS = 20;

export function byCount(counts: Iterable<readonly [string, number]>): [string, number][] {
  return Array.from(counts, ([name, count]): [string, number] => [name, count]).sort(
    (a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1),
  );
}

/** The plain way in JavaScript: a Map per count, an array of latencies per verb. */
export class OverviewJob {
  private events = 0;
  private readonly users = new Map<string, number>();
  private readonly codes = new Map<string, number>();
  private readonly verbs = new Map<string, number>();
  private readonly latencies = new Map<string, number[]>();

  add(event: AuditEvent): void {
    this.events++;
    const verb = event.verb ?? "";
    count(this.users, event.impersonatedUser?.username ?? event.user?.username ?? "");
    count(this.codes, String(event.responseStatus?.code ?? ""));
    count(this.verbs, `${verb} ${resourceOf(event)}`);
    const latency = Date.parse(event.stageTimestamp ?? "") - Date.parse(event.requestReceivedTimestamp ?? "");
    const known = this.latencies.get(verb);
    if (known === undefined) this.latencies.set(verb, [latency]);
    else known.push(latency);
  }

  result(): Overview {
    const p99 = Array.from(this.latencies, ([verb, values]): [string, number] => {
      values.sort((a, b) => a - b);
      return [verb, values[Math.ceil(values.length * 0.99) - 1] ?? 0];
    });
    return {
      events: this.events,
      users: byCount(this.users).slice(0, TOP_USERS),
      codes: byCount(this.codes),
      verbs: byCount(this.verbs),
      p99: Object.fromEntries(p99),
    };
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function resourceOf({ objectRef, requestURI = "" }: AuditEvent): string {
  if (objectRef?.resource === undefined) return requestURI.split("?")[0] ?? "";
  const group = objectRef.apiGroup === undefined ? "" : `.${objectRef.apiGroup}`;
  return `${objectRef.resource}${group}${objectRef.subresource === undefined ? "" : `/${objectRef.subresource}`}`;
}
