import { expect, test } from "vitest";
import { execCommand } from "../../src/events/exec-command.ts";
import { longUser, shortUser } from "../../src/events/service-account.ts";

test.each([
  ["/api/v1/namespaces/demo/pods/x/exec?command=cat&command=%2Fetc%2Fpasswd&stdout=true", "cat /etc/passwd"],
  ["/x/exec?command=sh&command=-c&command=echo%20it%27s%20me", String.raw`sh -c 'echo it'\''s me'`],
  ["/x/exec?stdout=true", ""],
  ["/x", ""],
])("%s runs %s", (uri, command) => {
  expect(execCommand(uri)).toBe(command);
});

test.each([
  ["system:serviceaccount:kube-system:noisy-agent", "sa:kube-system/noisy-agent"],
  ["system:node:worker-1", "node:worker-1"],
])("%s is shown as %s, and found by it", (user, short) => {
  expect(shortUser(user)).toBe(short);
  expect(longUser(short)).toBe(user);
});

test.each(["alice@example.com", "system:serviceaccount:odd", "system:node:", "sa:", "node:", "sa:a/b/c"])(
  "%s stays as it is",
  (user) => {
    expect(shortUser(user)).toBe(user);
    expect(longUser(user)).toBeNull();
  },
);
