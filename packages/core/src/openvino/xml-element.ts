/** An element of an XML file as plain data: what a parser in the shell makes of `model.xml`. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Its own text, without that of its children; "" where it has none. */
  readonly text: string;
}
