/** Prints the closing line "N passed, N failed, N skipped" from a vitest JSON report. */
import { readFileSync } from "node:fs";

const report = JSON.parse(readFileSync(process.argv[2], "utf8"));
const failed = report.numFailedTests + report.testResults.filter(isBrokenFile).length;
console.log(
  `${report.numPassedTests} passed, ${failed} failed, ${report.numPendingTests + report.numTodoTests} skipped`,
);

/** A file that failed outside any test (it did not load) counts as one failure. */
function isBrokenFile(file) {
  return file.status === "failed" && file.assertionResults.every((test) => test.status !== "failed");
}
