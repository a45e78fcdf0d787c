// Development only: lets a worker thread run the TypeScript sources. Built packages never load this file.
import { register } from "tsx/esm/api";

register();
