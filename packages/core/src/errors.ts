/**
 * The one table of errors. A row holds what every shell needs: the problem in words, the next step, the exit
 * code of the CLI and the HTTP status of a server. `docs/errors.md` is rendered from this table and a test
 * keeps the two equal. No error text lives anywhere else.
 */

/** One row of the error table. */
export interface ErrorRow {
  /** What is wrong, as the end of the sentence "<subject> …". */
  readonly problem: string;
  /** What the user does next: an imperative sentence. */
  readonly next: string;
  /** Exit code of the command line: 2 = something failed or could not be judged, 64 = wrong usage. */
  readonly exit: 2 | 64 | 130;
  /** HTTP status a server answers with. */
  readonly http: 400 | 404 | 409 | 413 | 415 | 422 | 499 | 500 | 507;
}

/** Every error that Blemish raises, by code. Codes are stable: programs match on them. */
export const ERRORS = {
  // Pictures
  IMAGE_NOT_FOUND: {
    problem: "does not exist or cannot be opened",
    next: "Check the path and that you may read it.",
    exit: 2,
    http: 404,
  },
  IMAGE_EMPTY: { problem: "is empty", next: "Save the picture again.", exit: 2, http: 422 },
  IMAGE_FORMAT: {
    problem: "is not a picture in a format that Blemish reads",
    next: "Convert it to PNG, JPEG, WebP, TIFF, BMP, PGM/PPM or GIF.",
    exit: 2,
    http: 415,
  },
  IMAGE_BROKEN: {
    problem: "is damaged or cut off, so its pixels cannot be decoded completely",
    next: "Save or copy the picture again.",
    exit: 2,
    http: 422,
  },
  IMAGE_TOO_LARGE: {
    problem: "is larger than Blemish decodes",
    next: "Crop or shrink the picture, or raise the limit.",
    exit: 2,
    http: 413,
  },
  IMAGE_TOO_SMALL: {
    problem: "is smaller than the part that is cut out of it",
    next: "Give a larger picture or a smaller crop.",
    exit: 2,
    http: 422,
  },
  IMAGE_PIXELS: {
    problem: "does not describe a picture",
    next: "Give data of length width × height × channels, with 1 to 4 channels of 8 bits.",
    exit: 2,
    http: 400,
  },
  PICTURE_CAPTURE: {
    problem: "is not of the kind of file that the range or the colour filter is stated for",
    next: "Take it with the camera's settings of the training pictures, or state the others.",
    exit: 2,
    http: 422,
  },
  PICTURE_SAMPLES: {
    problem: "holds samples that are no finite numbers",
    next: "Save the picture again without NaN and infinity.",
    exit: 2,
    http: 422,
  },
  PICTURE_INVALID: {
    problem: "was not taken like the good training pictures, so it is not judged",
    next: "Take it as they were taken, or train with good pictures that are like it.",
    exit: 2,
    http: 422,
  },
  PICTURE_ALIGNMENT: {
    problem: "does not show the part where it could be aligned",
    next: "Check which part it shows and how it lies, or train with good pictures that are like it.",
    exit: 2,
    http: 422,
  },
  PICTURE_SIZE: {
    problem: "has another size than the pictures that the model was trained on",
    next: "Take it as they were taken, or train with pictures of this size.",
    exit: 2,
    http: 422,
  },
  REGION: {
    problem: "cannot be used as a region of the picture",
    next: "Give shapes in pixels of the original picture that leave something of it to judge.",
    exit: 2,
    http: 422,
  },
  NO_IMAGES: {
    problem: "holds no pictures",
    next: "Give a picture, a folder that holds pictures, or a quoted glob.",
    exit: 2,
    http: 400,
  },
  // Model files
  MODEL_NOT_FOUND: {
    problem: "does not exist or cannot be opened",
    next: "Check the path of the model.",
    exit: 2,
    http: 404,
  },
  MODEL_FORMAT: {
    problem: "is no model that is read here",
    next: "Give a .blemish model, or what Anomalib exported or saved: model.onnx, model.xml with model.bin, model.ckpt, model.pt.",
    exit: 2,
    http: 422,
  },
  MODEL_BROKEN: {
    problem: "is a damaged or cut off model file",
    next: "Copy or export the model again.",
    exit: 2,
    http: 422,
  },
  MODEL_SAMPLES: {
    problem: "does not compute here what its samples, or the graph it was made of, say",
    next: "See what differs (blemish verify), get the model again, or go on all the same where --force is offered.",
    exit: 2,
    http: 422,
  },
  EXPORT: {
    problem: "cannot be exported in that form",
    next: "Choose another form (--form), or train a model that it can carry.",
    exit: 2,
    http: 422,
  },
  CHECKPOINT_CODE: {
    problem: "is a checkpoint that names code",
    next: "Do not load it anywhere. Take a checkpoint that Anomalib saved, or the ONNX export.",
    exit: 2,
    http: 422,
  },
  MODEL_DATA_MISSING: {
    problem: "keeps its weights in a second file that is missing or too short",
    next: "Put that file beside the model.",
    exit: 2,
    http: 422,
  },
  MODEL_VERSION: {
    problem: "was written by a later version of Blemish",
    next: "Update Blemish, or train the model again with this version.",
    exit: 2,
    http: 422,
  },
  MODEL_UNSUPPORTED: {
    problem: "cannot be run by the built-in ONNX Runtime",
    next: "Export the model with an opset and operators that ONNX Runtime knows.",
    exit: 2,
    http: 422,
  },
  MODEL_NOT_TRAINED: {
    problem: "was imported from Anomalib, and this needs a model that Blemish trained",
    next: "Train a model from pictures of good parts (blemish train).",
    exit: 2,
    http: 422,
  },
  MODEL_NOT_ANOMALY: {
    problem: "is an ONNX model, but not an anomaly detector that Blemish recognises",
    next: "Give a model that Anomalib exported: one picture in, an anomaly map or score out.",
    exit: 2,
    http: 422,
  },
  MODEL_INPUT: {
    problem: "has an input that disagrees with its metadata or with the picture",
    next: "Use the metadata.json that was exported together with this model.",
    exit: 2,
    http: 422,
  },
  MODEL_OUTPUT: {
    problem: "gave a result that cannot be judged",
    next: "Check that model and metadata were exported together; see blemish inspect.",
    exit: 2,
    http: 422,
  },
  MODEL_ENGINE: {
    problem: "cannot run on the fast engine",
    next: "Run it whole in ONNX Runtime instead (--engine onnx, or auto).",
    exit: 2,
    http: 422,
  },
  MODEL_EXPLAIN: {
    problem: "cannot say why a place is hot, because it runs whole in ONNX Runtime",
    next: "Use a model that runs on the fast engine: one that blemish train made, or a PaDiM or PatchCore export (--engine fast says what keeps it from that).",
    exit: 2,
    http: 422,
  },
  // Metadata
  METADATA_NOT_FOUND: {
    problem: "does not exist or cannot be opened",
    next: "Give the metadata.json that Anomalib wrote beside the model (--metadata).",
    exit: 2,
    http: 404,
  },
  METADATA_FORMAT: {
    problem: "is not metadata that Anomalib wrote",
    next: "Export the model again, or correct the field named here.",
    exit: 2,
    http: 422,
  },
  METADATA_TRANSFORM: {
    problem: "asks for a picture transform that Blemish does not know",
    next: "Export with Resize, CenterCrop, Normalize, ToFloat and ToTensorV2 only.",
    exit: 2,
    http: 422,
  },
  THRESHOLD_MISSING: {
    problem: "has no usable image threshold, so no picture can be judged with it",
    next: "Give one (--threshold), or train with a validation set.",
    exit: 2,
    http: 422,
  },
  // Data sets
  DATASET: {
    problem: "is not a data set that can be used",
    next: "Put good parts into a folder named good, or list the pictures in a CSV file; see docs/datasets.md.",
    exit: 2,
    http: 422,
  },
  MASK: {
    problem: "cannot be used as the mask of its picture",
    next: "Save the mask in the size of the picture, 0 where the part is good.",
    exit: 2,
    http: 422,
  },
  // Training
  BACKBONE: {
    problem: "is not a usable backbone",
    next: "Give a folder with a network and its manifest.json, or make one with blemish backbone import.",
    exit: 2,
    http: 422,
  },
  MODEL_STATISTICS: {
    problem: "cannot be turned into a model",
    next: "Train with pictures that differ and show the same part; an export still runs whole (--engine onnx).",
    exit: 2,
    http: 422,
  },
  TRAINING_PICTURES: {
    problem: "cannot be used again: they are not all what the model was trained on",
    next: "Put the pictures back where and as they were, or train on good pictures that are there.",
    exit: 2,
    http: 422,
  },
  SENSITIVITY_PICTURES: {
    problem: "cannot be measured: there is no picture to draw defects into",
    next: "Give pictures of good parts that the model was not trained on.",
    exit: 2,
    http: 422,
  },
  MODEL_MERGE: {
    problem: "cannot be merged with the model that pictures are added to",
    next: "Train one model on the pictures of both (blemish train).",
    exit: 2,
    http: 422,
  },
  MEMORY: {
    problem: "needs more memory than can be had",
    next: "Use a smaller size or fewer channels.",
    exit: 2,
    http: 507,
  },
  // Use
  COMMAND: { problem: "is not a command", next: "See blemish --help.", exit: 64, http: 400 },
  OPTION: { problem: "is not a valid option", next: "See --help.", exit: 64, http: 400 },
  OPTION_VALUE: { problem: "has a value that is not allowed", next: "See --help.", exit: 64, http: 400 },
  MODEL_CLOSED: {
    problem: "is closed and cannot be used any more",
    next: "Open the model again.",
    exit: 2,
    http: 409,
  },
  CANCELLED: {
    problem: "was cancelled",
    next: "Start it again when you want the rest.",
    exit: 130,
    http: 499,
  },
  OUTPUT_WRITE: {
    problem: "cannot be written",
    next: "Check free space and that you may write there.",
    exit: 2,
    http: 507,
  },
  WORKER: {
    problem: "stopped unexpectedly",
    next: "Try again; if it stays, please report it with the model and the picture.",
    exit: 2,
    http: 500,
  },
} as const satisfies Record<string, ErrorRow>;

/** A code of the error table. */
export type ErrorCode = keyof typeof ERRORS;

/** The particulars of one failure, all in the user's words. */
export interface ErrorDetails {
  /** The file, option or field that is at fault. */
  readonly subject: string;
  /** What was expected there. */
  readonly expected?: string;
  /** What was found instead. */
  readonly found?: string;
  /** The underlying error, kept for logs. */
  readonly cause?: unknown;
  /** What was measured of a picture that cannot be judged, and the limits it was held against. */
  readonly evidence?: readonly RuleEvidence[];
}

/** One rule that says whether a picture can be judged, and what it found; see `stages/validity`. */
export interface RuleEvidence {
  /** What was measured, such as `brightness`. */
  readonly rule: string;
  readonly value: number;
  /** Learnt limits, inclusive; null = none on that side. */
  readonly low: number | null;
  readonly high: number | null;
  /** Whether the value keeps to them. */
  readonly ok: boolean;
  /** Of `place` and `alignment`: where the part lies relative to the good ones, pixels of the picture. */
  readonly shift?: { readonly x: number; readonly y: number };
}

/**
 * The one error class. `message` is one sentence with subject, problem, expected and found, then the next step.
 * Every field is a plain string, so the error survives a worker boundary as {@link BlemishError.toJSON} data.
 */
export class BlemishError extends Error {
  override readonly name = "BlemishError";
  /** Stable code, a key of {@link ERRORS}. */
  readonly code: ErrorCode;
  /** The file, option or field at fault. */
  readonly subject: string;
  /** What was expected, or "". */
  readonly expected: string;
  /** What was found, or "". */
  readonly found: string;
  /** What was measured of a picture that cannot be judged; null where nothing was. */
  readonly evidence: readonly RuleEvidence[] | null;

  constructor(code: ErrorCode, details: ErrorDetails) {
    super(sentence(code, details), details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.subject = details.subject;
    this.expected = details.expected ?? "";
    this.found = details.found ?? "";
    this.evidence = details.evidence ?? null;
  }

  /** Exit code of the command line for this error. */
  get exit(): number {
    return ERRORS[this.code].exit;
  }

  /** HTTP status for this error. */
  get http(): number {
    return ERRORS[this.code].http;
  }

  /** Plain data: code, message, subject, expected, found, and evidence where there is some. */
  toJSON(): ErrorReport {
    const { code, message, subject, expected, found, evidence } = this;
    return { code, message, subject, expected, found, ...(evidence !== null && { evidence }) };
  }

  /** The error again from {@link BlemishError.toJSON} data. */
  static fromJSON(report: ErrorReport): BlemishError {
    return new BlemishError(report.code, report);
  }
}

/** A {@link BlemishError} as plain data, for JSON lines and worker messages. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly subject: string;
  readonly expected: string;
  readonly found: string;
  readonly evidence?: readonly RuleEvidence[];
}

function sentence(code: ErrorCode, { subject, expected, found }: ErrorDetails): string {
  const row: ErrorRow = ERRORS[code];
  const particulars = [expected && `expected ${expected}`, found && `found ${found}`]
    .filter(Boolean)
    .join(", ");
  return `${subject} ${row.problem}${particulars && `: ${particulars}`}. ${row.next} [${code}]`;
}
