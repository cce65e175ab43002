import type { SampleRequest } from "../contract.ts";

/** Ordinary traffic: `times` requests, one a second. */
export function trafficFrom(at: number, resource: string, times: number): SampleRequest {
  return { ...(at === 0 ? {} : { at }), user: "a", verb: "get", resource, namespace: "a", name: "x", times, every: 1 };
}

/** What a new process of an API server asks itself before it is ready. */
export function startAt(at: number, resource: string, name: string): SampleRequest {
  return {
    at,
    user: "system:apiserver",
    verb: "get",
    resource,
    name,
    annotations: { "apiserver.k8s.io/startup": "early=true self=false loopback=true" },
    times: 5,
  };
}
