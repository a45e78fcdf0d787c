/**
 * Property tests draw the same cases on every run, so that a failure is the change's and not the day's. Another seed
 * (BLEMISH_SEED) or more cases (BLEMISH_FUZZ) search further.
 */
import fc from "fast-check";

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(process.env.BLEMISH_SEED ?? 1) });
