import { defineConfig } from "vitest/config";

// Packages resolve each other to their TypeScript source, so no build is needed to run a test.
const conditions = ["blemish-source"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["packages/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    setupFiles: ["tests/support/seed.ts"],
  },
});
