import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { isStoreAddress, shownAddress, storeAddress } from "../../src/clickhouse/address.ts";

it("a store's address says where, what and whose", () => {
  expect(storeAddress("clickhouse://ops%40x@ch.example:8443/logs.audit?cluster=prod%201")).toMatchObject({
    url: "https://ch.example:8443",
    database: "logs",
    table: "audit",
    user: "ops@x",
    cluster: "prod 1",
    tls: null,
  });
  expect(storeAddress("clickhouse://localhost")).toMatchObject({
    url: "http://localhost:8123",
    database: "default",
    table: "audit",
    user: "default",
  });
  for (const [given, url] of [
    ["clickhouse://ch.example", "https://ch.example:8443"],
    ["clickhouse+http://ch.example", "http://ch.example:8123"],
    ["clickhouse+https://ch.example:9000", "https://ch.example:9000"],
    ["clickhouse://ch.example:8123?secure=0", "http://ch.example:8123"],
    ["clickhouse://127.0.0.1:8443", "https://127.0.0.1:8443"],
    ["clickhouse://[::1]:8124", "http://[::1]:8124"],
  ] as const) {
    expect(storeAddress(given).url).toBe(url);
    expect(isStoreAddress(given)).toBe(true);
  }
  expect(isStoreAddress("audit.log")).toBe(false);
});

it("a store's address holds no password, and what it says of itself never does", () => {
  expect(() => storeAddress("clickhouse://me:hunter2@ch.example/db.t")).toThrow(/KTRAIL_STORE_PASSWORD/);
  for (const wrong of [
    "clickhouse://me:hunter2@",
    "clickhouse://me:hunter2@h/db.t",
    "clickhouse://me:hunter2@h:99999",
    "clickhouse://me:hun/ter2@h:99999",
    "http://me:hunter2@h",
  ]) {
    const said = (): string => {
      try {
        storeAddress(wrong);
        return "";
      } catch (error) {
        return String(error);
      }
    };
    expect(said()).toMatch(/^KtrailError: /);
    expect(said()).not.toMatch(/hun|ter2/);
  }
  const address = storeAddress("clickhouse://me@ch.example/a.b?cluster=c");
  expect(shownAddress(address)).toBe("clickhouse://me@ch.example:8443/a.b?cluster=c");
  expect(storeAddress(shownAddress(address))).toEqual(address);
});

it("a store's address refuses what it does not know", () => {
  for (const [given, said] of [
    ["clickhouse://h/db.t.u", "one dot"],
    ["clickhouse://h/db.t?clutser=x", "clutser is none of"],
    ["clickhouse://h:8123/db.t", "over TLS"],
    ["clickhouse://h/db.t?cert=/x&key=/x", "/x"],
    ["clickhouse:///db.t", "does not begin"],
  ] as const)
    expect(() => storeAddress(given)).toThrow(said);
  const folder = mkdtempSync(join(tmpdir(), "ktrail-address-"));
  try {
    for (const name of ["ca", "cert", "key"]) writeFileSync(join(folder, name), name);
    const [ca, cert, key] = ["ca", "cert", "key"].map((name) => `${name}=${join(folder, name)}`);
    expect(storeAddress(`clickhouse://h?${ca}&${cert}&${key}`).tls?.key?.toString()).toBe("key");
    expect(() => storeAddress(`clickhouse://h?${ca}&${cert}`)).toThrow("belong together");
    expect(() => storeAddress(`clickhouse://h?${cert}&${key}`)).toThrow("needs ca");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
