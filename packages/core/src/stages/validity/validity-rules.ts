/** The rules by which a picture can be judged or not, as plain data: a model file keeps them. Types and words only. */

/** What a rule looks at, in the order in which broken rules are told. */
export const RULE_NAMES = [
  "shape",
  "size",
  "brightness",
  "black",
  "white",
  "contrast",
  "colour",
  "sharpness",
  "likeness",
  "place",
] as const;

/**
 * What a rule looks at: `shape` = width over height; `size` = longer side in pixels; `brightness` = mean grey, `contrast` =
 * its deviation, 0–255; `black`, `white` = shares of clipped pixels; `colour` = mean difference of a pixel's channels, 0–255;
 * `sharpness` = logarithm of the Laplacian's variance over the picture's; `likeness` = correlation with the mean good
 * picture, −1 to 1; `place` = distance from where the good parts lie, in sides of the picture.
 */
export type RuleName = (typeof RULE_NAMES)[number];

/** One rule with its learnt limits, inclusive; null = none on that side. */
export interface ValidityRule {
  readonly rule: RuleName;
  readonly low: number | null;
  readonly high: number | null;
  /** Smallest and largest value of the good training pictures. */
  readonly good: { readonly low: number; readonly high: number };
  /** Good training pictures outside the limits: too few and too odd to widen them. Absent = none. */
  readonly outside?: number;
}

/** A rule that the good pictures do not support. */
export interface RuleNotLearnt {
  readonly rule: RuleName;
  /** Why, as a sentence. */
  readonly reason: string;
}

/** Side of the small grey picture by which parts are compared. */
export const LOOK_SIDE = 32;

/** What was learnt of a set of good pictures. */
export interface ValidityRules {
  /** Pictures that it was learnt of. */
  readonly pictures: number;
  readonly rules: readonly ValidityRule[];
  readonly notLearnt: readonly RuleNotLearnt[];
}

/** The rules and the mean good picture that `likeness` and `place` compare with. */
export interface ValidityModel extends ValidityRules {
  /** `[32, 32]` grey, 0–255; null unless one of the two was learnt. */
  readonly look: Uint8Array | null;
}
