/** What a training learns from and what it is tested on. Nothing is learnt from a picture that tests. */
import { BlemishError, type Dataset, type DatasetItem, describeDataset, splitDataset } from "@blemish/core";
import { recognizeDataset } from "@blemish/node";
import { testItems } from "../evaluation/test-items.js";

/** The pictures of a training. */
export interface TrainSet {
  /** Good pictures to learn from, in order; marked "train". */
  readonly goods: readonly DatasetItem[];
  /** Labelled pictures to test on, marked "test"; empty when there are none. */
  readonly tested: readonly DatasetItem[];
  /** Name of the test set, as the user gave it. */
  readonly testName: string;
  /** What was recognised, in lines for the user. */
  readonly words: string;
}

/** Share of the goods that is held back for a test where bads are given and nothing says what to test on. */
const HELD_BACK = 0.2;

/**
 * Recognises the inputs.
 * @param test data set to test on; null = what the inputs hold; false = no test.
 * @throws BlemishError DATASET without a good picture to learn from, NO_IMAGES, IMAGE_NOT_FOUND.
 */
export async function trainSet(inputs: readonly string[], test: string | null | false): Promise<TrainSet> {
  const dataset = await recognizeDataset(inputs);
  if (test === false) return put(dataset, learnt(dataset.items), [], "", describeDataset(dataset));
  if (test !== null) {
    const other = await recognizeDataset([test], { needGoods: false });
    const words = `${describeDataset(dataset)}\n${describeDataset(other)}`;
    return put(dataset, learnt(dataset.items), testItems(other), other.root, words);
  }
  const { items, held } = divided(dataset);
  const words = `${describeDataset(dataset)}${held}`;
  const tested = items.filter(({ split }) => split === "test");
  return put(dataset, learnt(items), tested, dataset.root, words);
}

/**
 * What a training is tested on that learns from the pictures of models alone.
 * @throws BlemishError as {@link trainSet}.
 */
export async function testSet(test: string | null | false): Promise<TrainSet> {
  if (test === null || test === false) return { goods: [], tested: [], testName: "", words: "" };
  const other = await recognizeDataset([test], { needGoods: false });
  const tested = testItems(other).map((item) => ({ ...item, split: "test" as const }));
  return { goods: [], tested, testName: other.root, words: describeDataset(other) };
}

/** Sides for a data set of goods and bads that does not say what to test on. */
function divided({ items }: Dataset): { items: readonly DatasetItem[]; held: string } {
  const marked = items.some(({ split }) => split === "test");
  if (marked || items.every(({ label }) => label === "good")) return { items, held: "" };
  const sides = splitDataset(items, { testShare: HELD_BACK, seed: 0 });
  const goods = sides.filter(({ label }) => label === "good");
  const held = goods.filter(({ split }) => split === "test").length;
  const words = `\n  ${held} of ${goods.length} good pictures are held back to test on (--no-test learns from all)`;
  return { items: sides, held: words };
}

function learnt(items: readonly DatasetItem[]): DatasetItem[] {
  return items.filter(({ label, split }) => label === "good" && split !== "test");
}

function put(
  { root, items }: Dataset,
  goods: readonly DatasetItem[],
  tested: readonly DatasetItem[],
  testName: string,
  words: string,
): TrainSet {
  if (goods.length === 0) {
    const found = `${items.length} that are anomalous or for testing`;
    throw new BlemishError("DATASET", { subject: root, expected: "good pictures to learn from", found });
  }
  return {
    goods: goods.map((item) => ({ ...item, split: "train" })),
    tested: tested.map((item) => ({ ...item, split: "test" })),
    testName,
    words,
  };
}
