/* What the processor can do at most: float32 multiply-adds on registers, and reading memory. One JSON object.
 *
 *     cc -O3 -march=native -pthread -o bound bound.c && ./bound THREADS BYTES
 *
 * gflops: all threads together, a multiply-add counts as two. gbytes: reading BYTES again and again, each thread its share.
 * The best of several runs of a few milliseconds counts, because anything else on the machine makes them slower.
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef float vector __attribute__((vector_size(64)));

enum { CHAINS = 12, STEPS = 400000, RUNS = 12, MOST_THREADS = 256 };

static int threads;
static size_t bytes;
static const char *memory;
static pthread_barrier_t barrier;
static double times[MOST_THREADS][2][RUNS];
static volatile float sink;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

/* Independent chains, as many as hide the latency of a multiply-add. */
static float multiply_adds(void) {
  vector chain[CHAINS], factor, term, sum;
  for (int i = 0; i < 16; i++) factor[i] = 0.999f, term[i] = 0.001f;
  for (int c = 0; c < CHAINS; c++) chain[c] = term * (float)(c + 1);
  for (int step = 0; step < STEPS; step++)
    for (int c = 0; c < CHAINS; c++) chain[c] = chain[c] * factor + term;
  sum = chain[0];
  for (int c = 1; c < CHAINS; c++) sum += chain[c];
  return sum[0] + sum[7];
}

static float read_share(size_t index) {
  const size_t count = bytes / sizeof(vector) / threads / 8 * 8;
  const vector *from = (const vector *)memory + index * count;
  vector sum[8];
  memset(sum, 0, sizeof sum);
  for (size_t i = 0; i < count; i += 8)
    for (int k = 0; k < 8; k++) sum[k] += from[i + k];
  for (int k = 1; k < 8; k++) sum[0] += sum[k];
  return sum[0][0];
}

static void *work(void *argument) {
  const size_t index = (size_t)argument;
  for (int kind = 0; kind < 2; kind++)
    for (int run = 0; run < RUNS; run++) {
      pthread_barrier_wait(&barrier);
      const double started = now();
      sink = kind == 0 ? multiply_adds() : read_share(index);
      times[index][kind][run] = now() - started;
    }
  return NULL;
}

/* The threads of a run are as slow as the slowest of them. */
static double best(int kind) {
  double least = 1e9;
  for (int run = 0; run < RUNS; run++) {
    double most = 0;
    for (int t = 0; t < threads; t++)
      if (times[t][kind][run] > most) most = times[t][kind][run];
    if (most < least) least = most;
  }
  return least;
}

int main(int count, char **words) {
  if (count != 3) return 64;
  threads = atoi(words[1]);
  bytes = strtoull(words[2], NULL, 10);
  if (threads < 1 || threads > MOST_THREADS || bytes < 4096) return 64;
  char *own = aligned_alloc(2 << 20, (bytes + (2 << 20)) / (2 << 20) * (2 << 20));
  if (own == NULL) return 1;
  memset(own, 0, bytes);
  memory = own;
  pthread_barrier_init(&barrier, NULL, threads);
  pthread_t ids[MOST_THREADS];
  for (size_t t = 0; t < (size_t)threads; t++) pthread_create(&ids[t], NULL, work, (void *)t);
  for (int t = 0; t < threads; t++) pthread_join(ids[t], NULL);
  printf("{\"gflops\": %.1f, \"gbytes\": %.1f}\n", 2e-9 * 16 * CHAINS * (double)STEPS * threads / best(0),
         1e-9 * bytes / best(1));
  return 0;
}
