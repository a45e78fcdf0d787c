/** Public names of labelled folders, tables and health of data sets. */
export { arrangeFolders } from "./arrange-folders.js";
export type {
  Arrangement,
  Dataset,
  DatasetItem,
  DatasetLabel,
  DatasetLayout,
  DatasetSplit,
} from "./dataset.js";
export { describeDataset } from "./describe-dataset.js";
export { type FolderMeaning, folderMeaning, placeMeaning } from "./folder-words.js";
export {
  type CheckedFile,
  type CheckedPicture,
  comparePictures,
  finding,
  type HealthFinding,
  type HealthKind,
  type HealthReport,
  type HealthSeverity,
  sortFindings,
  type Thumbnail,
} from "./health.js";
export { checkGroups, readManifest } from "./manifest.js";
export { maskFromImage } from "./mask-from-image.js";
export { type CsvRow, type CsvTable, parseCsv } from "./parse-csv.js";
export { type PictureFacts, pictureFacts } from "./picture-facts.js";
export {
  groupByName,
  type SplitDatasetOptions,
  type SplitOptions,
  type SplitParts,
  splitByGroup,
  splitDataset,
} from "./split-dataset.js";
export { applyVisaTables, type VisaTables } from "./visa-tables.js";
