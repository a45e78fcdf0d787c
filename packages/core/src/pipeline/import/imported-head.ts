/** What any method's export becomes, before it is put into a model file. */
import type { DetectorManifest, ImportedManifest } from "../../bundle/manifest.js";
import type { StoredDetector } from "../../bundle/model-file.js";
import type { KeptTap } from "./exported-backbone.js";

/** The head of a recognised export, and where its backbone ends. */
export interface ImportedHead {
  /** What was recognised around it. */
  readonly graph: {
    /** Name of the picture input. */
    readonly input: string;
    /** Pictures that a run of the export takes. Default: 1. */
    readonly batch?: number;
    /** Of the anomaly map, and of the picture that the backbone works at, in pixels. */
    readonly size: { readonly width: number; readonly height: number };
    /** Whether the graph brings pictures to that size itself. */
    readonly resizes: boolean;
    /** What it does after raw map and score; null unless it normalises (2.x). */
    readonly end: {
      readonly normaliser: NonNullable<ImportedManifest["imported"]["normaliser"]>;
      readonly decisions: NonNullable<ImportedManifest["imported"]["decisions"]>;
    } | null;
  };
  /** The layers that leave the network. */
  readonly taps: readonly KeptTap[];
  readonly manifest: Pick<DetectorManifest, "embedding" | "channels" | "grid" | "head">;
  readonly stored: StoredDetector;
  readonly map: Pick<ImportedManifest["map"], "sigma" | "upsampling">;
}
