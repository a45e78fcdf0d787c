/** Which pictures of a data set a test is made on. */
import { BlemishError, type Dataset, type DatasetItem } from "@blemish/core";

/**
 * The test part of a data set, or all of it where no part is marked for testing.
 * @throws BlemishError DATASET when every picture is marked for training.
 */
export function testItems({ root, items }: Pick<Dataset, "root" | "items">): DatasetItem[] {
  const marked = items.filter(({ split }) => split === "test");
  const tested = marked.length > 0 ? marked : items.filter(({ split }) => split === null);
  if (tested.length > 0) return tested;
  throw new BlemishError("DATASET", {
    subject: root,
    expected: "pictures to test on",
    found: `${items.length} that are all for training`,
  });
}
