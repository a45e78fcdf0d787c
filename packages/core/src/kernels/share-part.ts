/** Work that falls into parts which any number of threads may do. */

/** Has parts 0 to `parts` − 1 of a work done by any number of threads, and returns when all are finished. */
export type SharePart = (parts: number, work: (part: number) => void) => void;

/** This thread does all of them, in their order. */
export const oneAfterTheOther: SharePart = (parts, work) => {
  for (let part = 0; part < parts; part++) work(part);
};
