import { describe, expect, it } from "vitest";
import { referencedAttributes, requestAttributes } from "../../src/events/request-attributes.ts";
import { DEMO, linesOf, logsIn } from "../support/log-files.ts";
import { describeShared } from "../support/shared-data.ts";

/** group/version resource/subresource namespace:name, or the path. */
function told(uri: string, verb: string): string | null {
  const attributes = requestAttributes(uri, verb);
  if (attributes === null) return null;
  const { apiGroup, apiVersion, namespace, resource, subresource, name } = attributes;
  expect(attributes.verb).toBe(verb);
  if (!attributes.isResourceRequest) return attributes.path;
  return `${apiGroup}/${apiVersion} ${resource}/${subresource} ${namespace}:${name}`;
}

describe("request attributes by URL", () => {
  it.each([
    ["get", "/api/v1/namespaces/demo/pods/web?timeout=1s", "/v1 pods/ demo:web"],
    ["get", "/apis/apps/v1/namespaces/demo/deployments/web/scale", "apps/v1 deployments/scale demo:web"],
    ["create", "/api/v1/namespaces/demo/pods", "/v1 pods/ demo:"],
    ["create", "/api/v1/namespaces/demo/pods/web/exec?command=sh", "/v1 pods/exec demo:web"],
    ["list", "/api/v1/pods", "/v1 pods/ :"],
    ["list", "/api/v1/namespaces", "/v1 namespaces/ :"],
    ["get", "/api/v1/namespaces/demo", "/v1 namespaces/ demo:demo"],
    ["update", "/api/v1/namespaces/demo/finalize", "/v1 namespaces/finalize demo:demo"],
    ["patch", "/api/v1/namespaces/demo/status/x", "/v1 namespaces/status demo:demo"],
    ["get", "/api/v1/nodes/worker-1/proxy/metrics", "/v1 nodes/proxy :worker-1"],
    ["watch", "/api/v1/watch/namespaces/demo/pods/web", "/v1 pods/ demo:web"],
    ["proxy", "/api/v1/proxy/namespaces/demo/services/web/healthz", "/v1 services/ demo:web"],
    ["list", "//api/v1/pods/", "/v1 pods/ :"],
    ["get", "/api//v1/pods", "/ v1/ :pods"],
    ["get", "/api/v1/pods/a%20b", "/v1 pods/ :a b"],
    ["get", "/api/v1/namespaces/a%2Fpods/web", "/v1 pods/ a:web"],
    ["get", "/api/v1/pods/a+b#c", "/v1 pods/ :a+b#c"],
    ["get", "http://host:6443/api/v1/pods/web", "/v1 pods/ :web"],
    ["get", "/api", "/api"],
    ["get", "/apis/apps/v1", "/apis/apps/v1"],
    ["get", "/healthz?verbose", "/healthz"],
    ["post", "/h%C3%A9", "/hé"],
    ["get", "/", "/"],
  ])("%s %s", (verb, uri, expected) => {
    expect(told(uri, verb)).toBe(expected);
  });

  it.each(["", "pods", "/api/v1/watch", "/api/v1/names%zz", "/a\nb", "/a%"])("nothing takes %j", (uri) => {
    expect(requestAttributes(uri, "get")).toBeNull();
  });
});

describe("the name a list selects", () => {
  it.each([
    ["fieldSelector=metadata.name%3Dweb", "web"],
    ["fieldSelector=metadata.name==web&limit=500", "web"],
    ["field%53elector=metadata.name=a+b", "a b"],
    ["fieldSelector=spec.nodeName=n,metadata.name=web", "web"],
    ["fieldSelector=metadata.name=b,metadata.name=a", "a"],
    ["fieldSelector=metadata.name=a\\,b", "a,b"],
    ["fieldSelector=metadata.name=web&labelSelector=a%3Db,c%20in%20(d,e)", "web"],
    ["fieldSelector=metadata.name=web&fieldSelector=metadata.name=db", "web"],
    ["watch=true", ""],
    ["fieldSelector=metadata.name!=web", ""],
    ["fieldSelector=metadata.name=web,bad", ""],
    ["fieldSelector=metadata.name=a%2Fb", ""],
    ["fieldSelector=metadata.name=..", ""],
    ["fieldSelector=metadata.name=a\\b", ""],
    ["fieldSelector=metadata.name=a=b", ""],
    ["fieldSelector=metadata.name=web&limit=x", ""],
    ["fieldSelector=metadata.name=web&timeoutSeconds=99999999999999999999", ""],
    ["fieldSelector=metadata.name=web&labelSelector=%25", ""],
    ["fieldSelector=metadata.name=web;x", ""],
    ["fieldSelector=metadata.name=%zz", ""],
  ])("?%s", (query, name) => {
    for (const verb of ["list", "watch"]) {
      expect(requestAttributes(`/api/v1/configmaps?${query}`, verb)?.name).toBe(name);
    }
    expect(requestAttributes(`/api/v1/configmaps?${query}`, "deletecollection")?.name).toBe("");
    expect(requestAttributes(`/api/v1/watch/configmaps?${query}`, "watch")?.name).toBe("");
  });

  it("is found in linear time, whatever the selectors are", () => {
    const long = 200_000;
    for (const part of ["\\", "a,", "a=", "%2C", "=", "\\,", "("]) {
      const selector = part.repeat(long);
      const uri = `/api/v1/pods?fieldSelector=metadata.name=a${selector}&labelSelector=a${selector}`;
      expect(requestAttributes(uri, "list")).toMatchObject({ isResourceRequest: true, resource: "pods" });
    }
  });
});

interface Logged {
  readonly requestURI: string;
  readonly verb: string;
  readonly objectRef?: Readonly<Record<string, string>>;
}

/** What the URL says, but for the namespace of a create: an event takes it from the body where the URL has none. */
function expectAsReferenced(path: string): void {
  for (const line of linesOf(path)) {
    const { requestURI, verb, objectRef } = JSON.parse(line) as Logged;
    const attributes = requestAttributes(requestURI, verb);
    expect(attributes?.isResourceRequest).toBe(objectRef !== undefined);
    if (objectRef === undefined) continue;
    const unsaid = verb === "create" ? { path: "", namespace: "" } : { path: "" };
    expect({ ...attributes, ...unsaid }).toEqual({ ...referencedAttributes(objectRef, verb, requestURI), ...unsaid });
  }
}

describe("recorded events have the objectRef that their URL says", () => {
  it.each(logsIn(DEMO))("%s", expectAsReferenced);

  describeShared("X1", ["data/cluster/X1/X1.log.gz"], (log) => {
    it("all of them", () => expectAsReferenced(log));
  });
});
