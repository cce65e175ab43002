/** Sums of floats differ in their last digits by the order of adding. Percentiles of very many are off by 1/128 in the ring. */
export function near(value: unknown, isHistogram = false): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each: unknown) => {
      if (isHistogram && /^p\d\d$/.test(key)) return "percentile";
      return typeof each === "number" ? Number(each.toPrecision(12)) : each;
    }),
  );
}
