/**
 * ONNX Runtime's sentences → rows of the error table. The runtime has no error codes in Node, so its texts
 * (1.30) decide; one that is not known counts as "cannot be run", with the runtime's own words.
 */
import { BlemishError, type ErrorCode } from "@blemish/core";

const WHILE_LOADING: readonly (readonly [RegExp, ErrorCode])[] = [
  [/external data|external initializer/i, "MODEL_DATA_MISSING"],
  [/doesn't exist|no such file/i, "MODEL_NOT_FOUND"],
  [/no op registered|not a registered function|opset|ir version|not implemented/i, "MODEL_UNSUPPORTED"],
  [/protobuf parsing failed|does not have a graph|invalid model|invalid graph/i, "MODEL_BROKEN"],
];

const WHILE_RUNNING: readonly (readonly [RegExp, ErrorCode])[] = [
  [
    /invalid dimensions|invalid rank|unexpected input data type|is missing in 'feeds'|invalid feed/i,
    "MODEL_INPUT",
  ],
  [/already disposed/i, "MODEL_CLOSED"],
];

/** Longest piece of a foreign sentence that is quoted, in characters, and how much of it is looked at. */
const QUOTE = 300;
const READ = 2000;

/** The error for a model that did not load: MODEL_DATA_MISSING, MODEL_NOT_FOUND, MODEL_BROKEN or MODEL_UNSUPPORTED. */
export function loadError(thrown: unknown, subject: string): BlemishError {
  return translate(thrown, subject, WHILE_LOADING);
}

/** The error for a run that failed: MODEL_INPUT, MODEL_CLOSED or MODEL_UNSUPPORTED. */
export function runError(thrown: unknown, subject: string): BlemishError {
  return translate(thrown, subject, WHILE_RUNNING);
}

function translate(
  thrown: unknown,
  subject: string,
  table: readonly (readonly [RegExp, ErrorCode])[],
): BlemishError {
  if (thrown instanceof BlemishError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const code = table.find(([pattern]) => pattern.test(message))?.[1] ?? "MODEL_UNSUPPORTED";
  return new BlemishError(code, { subject, found: ownWords(message), cause: thrown });
}

/** The sentence itself: one line, without the runtime's source files and C++ signatures. */
function ownWords(message: string): string {
  const line = message
    .slice(0, READ)
    .replace(/\s+/g, " ")
    .replace(/^Load model from .*? failed: ?/, "")
    .replace(/^Fatal error: /, "")
    .replace(/\S+\.(?:h|cc|cpp):\d+ (?:.*?\) (?=[A-Z])|\w+ )?/g, "")
    .trim()
    .replace(/\.$/, "");
  return line.length > QUOTE ? `${line.slice(0, QUOTE)}…` : line;
}
