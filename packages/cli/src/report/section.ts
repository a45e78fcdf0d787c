/** A piece of a report about a model: the text output and the page show the same ones. */

/** A titled list of facts, with sentences below it. */
export interface Section {
  readonly title: string;
  readonly rows: readonly (readonly [name: string, value: string])[];
  readonly remarks: readonly string[];
}
