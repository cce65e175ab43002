import { describe, expect, it } from "vitest";
import { actorClassOf } from "../../src/events/actor-class.ts";

describe("actor class of a user", () => {
  it.each([
    ["alice@example.com", "human"],
    ["kubernetes-admin", "human"],
    ["system:admin", "human"],
    ["system:node:worker-1", "node"],
    ["system:kube-scheduler", "scheduler"],
    ["system:kube-controller-manager", "controller"],
    ["system:serviceaccount:kube-system:replicaset-controller", "controller"],
    ["system:serviceaccount:kube-system:generic-garbage-collector", "controller"],
    ["system:serviceaccount:kube-system:horizontal-pod-autoscaler", "controller"],
    ["system:serviceaccount:kube-system:coredns", "serviceaccount"],
    ["system:serviceaccount:demo:replicaset-controller", "serviceaccount"],
    ["system:apiserver", "apiserver"],
    ["system:anonymous", "anonymous"],
    ["", "anonymous"],
    ["system:kube-proxy", "other"],
    ["system:nodes", "other"],
    ["eks:certificate-controller", "other"],
    ["system:node", "other"],
    ["kubelet", "node"],
    ["kube-scheduler", "scheduler"],
    ["kube-controller-manager", "controller"],
    ["__proto__", "human"],
  ])("%s is %s", (user, actorClass) => {
    expect(actorClassOf(user)).toBe(actorClass);
  });
});
