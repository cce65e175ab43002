import { beforeAll, describe, expect, test } from "vitest";
import { ensureBuilt } from "../support/program.ts";
import { KINDS, runRound } from "./chaos.ts";

/** A short run of `npm run chaos`. */
const SEED = 3;

beforeAll(ensureBuilt);

describe("among faults the program is exact or says what is missing", () => {
  test.each(KINDS.filter(({ missing }) => missing === null).map((kind) => [kind.name, kind] as const))(
    "%s",
    async (_, kind) => {
      const { wrong, faults } = await runRound(kind, SEED);
      expect(wrong, faults.join(", ")).toBeNull();
    },
    240_000,
  );
});
