import { describe, expect, it } from "vitest";
import { isClusterScoped, kindOf, resolveResource, resourceOfKind } from "../../src/events/resource-names.ts";

describe("resolveResource", () => {
  it.each([
    ["deploy", ["deployments.apps", "deployments.extensions"]],
    ["Deployment", ["deployments.apps", "deployments.extensions"]],
    ["deployments.apps", ["deployments.apps"]],
    ["deployment.apps", ["deployments.apps"]],
    ["deployment.v1.apps", ["deployments.apps"]],
    ["deploy.apps", ["deployments.apps"]],
    ["pod.v1", ["pods"]],
    ["po", ["pods"]],
    ["ns", ["namespaces"]],
    ["ev", ["events", "events.events.k8s.io"]],
    ["crd", ["customresourcedefinitions.apiextensions.k8s.io"]],
    ["cs", ["componentstatuses"]],
    ["netpol", ["networkpolicies.networking.k8s.io", "networkpolicies.extensions"]],
    ["widgets.example.com", ["widgets.example.com"]],
    ["widgets", []],
    ["__proto__", []],
    ["constructor", []],
  ])("%s", (text, resources) => {
    expect(resolveResource(text)).toEqual(resources);
  });
});

describe("kinds", () => {
  it("names known kinds and guesses others", () => {
    expect(kindOf("deployments.apps")).toBe("Deployment");
    expect(kindOf("endpointslices.discovery.k8s.io")).toBe("EndpointSlice");
    expect(kindOf("endpoints")).toBe("Endpoints");
    expect(kindOf("widgets.example.com")).toBe("Widget");
    expect(kindOf("proxies.example.com")).toBe("Proxy");
  });

  it("finds the resource of an ownerReference", () => {
    expect(resourceOfKind("ReplicaSet", "apps/v1")).toBe("replicasets.apps");
    expect(resourceOfKind("Pod", "v1")).toBe("pods");
    expect(resourceOfKind("Widget", "example.com/v1")).toBe("widgets.example.com");
    expect(resourceOfKind("NetworkPolicy", "networking.k8s.io/v1")).toBe("networkpolicies.networking.k8s.io");
    expect(resourceOfKind("Proxy", "example.com/v1")).toBe("proxies.example.com");
  });

  it("knows what lives outside namespaces", () => {
    expect(isClusterScoped("nodes")).toBe(true);
    expect(isClusterScoped("pods")).toBe(false);
  });
});
