/** Which names resemble one that is not there: for errors that help to find the right one. */

/** Longest names that are compared letter by letter. */
const MAX_LENGTH = 120;

/**
 * Up to `most` of the names, the most similar first: those that hold the wanted text, then those a few letters away.
 * Names that have nothing to do with it are left out.
 */
export function nearNames(wanted: string, names: Iterable<string>, most = 6): string[] {
  const target = wanted.toLowerCase();
  const rated: { name: string; distance: number }[] = [];
  for (const name of new Set(names)) {
    const distance = distanceOf(target, name.toLowerCase());
    if (distance <= Math.max(2, target.length / 3)) rated.push({ name, distance });
  }
  return rated
    .sort((a, b) => a.distance - b.distance || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => name);
}

function distanceOf(a: string, b: string): number {
  if (a !== "" && b.includes(a)) return 0;
  const part = b.length > 2 && a.includes(b) ? 2 : Number.POSITIVE_INFINITY;
  return a.length > MAX_LENGTH || b.length > MAX_LENGTH ? part : Math.min(part, editDistance(a, b));
}

/** Levenshtein's: letters to insert, remove or replace. */
function editDistance(a: string, b: string): number {
  let before = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const now = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = before[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      now.push(Math.min(replaced, before[j] + 1, now[j - 1] + 1));
    }
    before = now;
  }
  return before[b.length];
}
