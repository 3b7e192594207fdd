package io.vigie.backup.continuity;

import java.time.Instant;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonInclude;

/**
 * That a function depends on an asset, and what takes over when the asset fails.
 *
 * @param peer the asset that takes over, null where there is none
 * @param since when this was declared, with this peer
 * @param testedAt when fail-over was tested last, null where it was not
 * @param passed how that test came out
 * @param takeoverSeconds how long the peer took to take over in it, null where it did not
 * @param testDueAt when fail-over must be tested again, null without a peer; a test that failed is
 *     due again at once
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Dependency(
    DependencyKind kind,
    UUID peer,
    Instant since,
    Instant testedAt,
    Boolean passed,
    Long takeoverSeconds,
    Instant testDueAt) {

  /** Of which nothing is proven yet. */
  static Dependency on(DependencyKind kind, UUID peer, Instant at) {
    return new Dependency(kind, peer, at, null, null, null, peer == null ? null : at);
  }

  Dependency tested(FailoverTest.Result result, Instant nextTest) {
    return new Dependency(
        kind,
        peer,
        since,
        result.testedAt(),
        result.passed(),
        result.takeoverSeconds(),
        result.passed() ? nextTest : result.testedAt());
  }

  /** From when on its redundancy is not proven; ahead where it is. */
  Instant proofDueAt() {
    return peer == null ? since : testDueAt;
  }

  /** Whether a peer has proven, not too long ago, that it takes over (R14.2). */
  boolean isRedundant(Instant at) {
    return proofDueAt().isAfter(at);
  }
}
