/**
 * What the platform's speed is worth: each benchmark runs the product and its peer or limit in turn
 * on the real components in the same run, since only the ratio of two figures of one run means
 * anything on a shared machine. A new figure is a class that implements {@link
 * io.vigie.bench.Benchmark} and a line in {@link io.vigie.bench.Bench}.
 */
package io.vigie.bench;
