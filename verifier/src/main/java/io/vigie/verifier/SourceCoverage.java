package io.vigie.verifier;

/**
 * Which of the numbers 1 to {@code last} that a source gave its events are in an export.
 *
 * @param source the CloudEvents source
 * @param last the highest number seen
 * @param missing how many of 1 to {@code last} were not seen
 * @param firstMissing the lowest of those, 0 when none is missing
 */
public record SourceCoverage(String source, long last, long missing, long firstMissing) {}
