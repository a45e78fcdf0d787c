/** Keeps ONNX Runtime from telling its maker what runs here: Blemish works offline, and a line's machines are nobody's business. */

/**
 * From version 1.30 on ONNX Runtime's builds for Linux and macOS report sessions, models and timings to Microsoft, and keep an
 * identifier of the machine below the home directory, unless this variable is set before its first session. A value that the
 * user gave stays. In threads `process.env` is a copy that ONNX Runtime does not see: call it on the main thread before one starts.
 * Source: microsoft/onnxruntime pull request 27379, "Add POSIX telemetry".
 */
export function refuseTelemetry(environment: NodeJS.ProcessEnv = process.env): void {
  environment.ORT_DISABLE_TELEMETRY ??= "1";
}
