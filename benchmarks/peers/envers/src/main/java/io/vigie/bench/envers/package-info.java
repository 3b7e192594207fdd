/** A peer of the benchmarks: JPA with Envers. */
package io.vigie.bench.envers;
