/** Part of the page's program that counts: how many scores reach a threshold, and into which bin each falls. */

/** JavaScript text; it uses nothing but what it is given. */
export const COUNTS_SCRIPT = `
/** How many of the ascending scores are >= threshold. */
function countFrom(scores, threshold) {
  let low = 0, high = scores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (scores[middle] < threshold) low = middle + 1; else high = middle;
  }
  return scores.length - low;
}

/** False alarms, escapes and what lies between a lower threshold and the threshold; all together and defect by defect. */
function countsAt(groups, threshold, lower) {
  const defects = groups.defects.map(function (defect) {
    const noEscape = countFrom(defect.scores, lower);
    return { name: defect.name, count: defect.scores.length, escapes: defect.scores.length - noEscape };
  });
  const between = function (scores) { return countFrom(scores, lower) - countFrom(scores, threshold); };
  return {
    trainingAlarms: countFrom(groups.training, threshold),
    falseAlarms: countFrom(groups.good, threshold),
    anomalous: defects.reduce(function (sum, defect) { return sum + defect.count; }, 0),
    escapes: defects.reduce(function (sum, defect) { return sum + defect.escapes; }, 0),
    uncertainGood: between(groups.good),
    uncertainAnomalous: groups.defects.reduce(function (sum, defect) { return sum + between(defect.scores); }, 0),
    defects: defects,
  };
}

/** What a threshold promises of good parts: both rates, 1 below all training scores. */
function promiseAt(groups, threshold) {
  const below = groups.training.filter(function (score) { return score <= threshold; }).length;
  const count = groups.training.length;
  let guaranteed = 1;
  for (const row of groups.promises) if (row[0] <= threshold) guaranteed = row[1];
  return { expected: below === 0 ? 1 : (count + 1 - below) / (count + 1), guaranteed: below === 0 ? 1 : guaranteed };
}

/** Bins of equal width on the drawn axis with one edge at "anchor", so that the line parts them cleanly. */
function binEdges(low, high, anchor, wanted) {
  const width = (high - low) / wanted || 1;
  const first = anchor - Math.ceil((anchor - low) / width) * width;
  const count = Math.max(1, Math.ceil((high - first) / width - 1e-9));
  return { first: first, width: width, count: count };
}

/** How many places fall into each bin. */
function binCounts(places, bins) {
  const counts = new Array(bins.count).fill(0);
  for (const place of places) {
    const bin = Math.floor((place - bins.first) / bins.width + 1e-9);
    counts[Math.min(Math.max(bin, 0), bins.count - 1)]++;
  }
  return counts;
}

/** Round numbers for an axis from low to high: 1, 2, 5 or, over decades, 1-2-5 series. */
function ticks(low, high, wanted, logarithmic) {
  const found = [];
  if (logarithmic && high / low > 4) {
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
      for (const digit of [1, 2, 5]) {
        const tick = Number((digit * Math.pow(10, decade)).toPrecision(3));
        if (tick >= low && tick <= high) found.push(tick);
      }
    }
    return found.length > 2 * wanted ? found.filter(function (tick, i) { return i % 3 === 0; }) : found;
  }
  const rough = (high - low) / wanted;
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].map(function (digit) { return digit * power; }).find(function (one) { return one >= rough * 0.999; });
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step) found.push(Number(tick.toPrecision(10)));
  return found;
}
`;
