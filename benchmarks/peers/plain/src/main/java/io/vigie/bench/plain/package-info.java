/** A peer of the benchmarks: the shape of the framework's own guide to Hibernate Reactive. */
package io.vigie.bench.plain;
