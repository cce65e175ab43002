import { afterAll, beforeAll, describe } from "vitest";
import { LocalEngine } from "../../src/engine/local-engine.ts";
import { DEMO, logsIn } from "../support/log-files.ts";
import { NaiveStore } from "../support/naive-store.ts";
import { oracleRequests } from "../support/oracle.ts";
import { sameAsParsed, wholeInItself } from "../support/store-contract.ts";

const requests = oracleRequests(logsIn(DEMO));
const naive = new NaiveStore(requests);

describe("the ring", () => {
  const engine = new LocalEngine({
    inputs: logsIn(DEMO),
    follow: false,
    capacity: Number.POSITIVE_INFINITY,
    dictionaryBytes: Number.POSITIVE_INFINITY,
    rawBytes: 2 ** 20,
    tailMs: 0,
    format: "auto",
    timeZone: "utc",
  });
  beforeAll(() => engine.loaded());
  afterAll(() => engine.close());

  sameAsParsed(() => engine.store, requests, 25);
  wholeInItself(() => engine.store, requests);
});

describe("parsed JSON", () => wholeInItself(() => naive, requests));
