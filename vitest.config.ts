import { defineConfig } from "vitest/config";

// Packages resolve each other to their TypeScript source, so no build is needed to run a test.
const conditions = ["blemish-source"];

// These files leave nothing behind, so they share a process: loading the modules again took longer than the tests.
const SHARED = [
  "packages/{core,cli}/src/**/*.test.ts",
  "packages/node/src/{images,datasets,backbones}/**/*.test.ts",
];

// Modules are replaced, or many threads come and go.
const ALONE = ["packages/node/src/**/*.test.ts", "tests/**/*.test.ts"];
const MOCKED = "packages/node/src/images/write-file-atomic.test.ts";

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    setupFiles: ["tests/support/seed.ts"],
    projects: [
      { extends: true, test: { name: "shared", include: SHARED, exclude: [MOCKED], isolate: false } },
      { extends: true, test: { name: "alone", include: ALONE, exclude: SHARED.slice(1) } },
      { extends: true, test: { name: "mocked", include: [MOCKED] } },
    ],
  },
});
