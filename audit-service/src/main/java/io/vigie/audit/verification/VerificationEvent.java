package io.vigie.audit.verification;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What the verification publishes. */
public sealed interface VerificationEvent extends DomainEvent {

  /** What others may know of a verification, of which its event tells all there is (R11.4). */
  record State(boolean intact, Instant verifiedAt) {}

  /**
   * The whole log was verified as it is stored.
   *
   * @param aggregateId this verification
   * @param intact whether everything is as it was logged and signed
   * @param size entries that the log's head says there are
   * @param root root that the head says they have, in base64
   * @param signedSize size of the newest signed checkpoint; null where none was signed yet
   * @param index the first entry that is not as it should be; null where all are, or where no
   *     single entry is to blame
   * @param reason what is wrong, in words; null where nothing is
   * @param milliseconds how long it took
   */
  record LogVerified(
      UUID aggregateId,
      boolean intact,
      long size,
      String root,
      Long signedSize,
      Long index,
      String reason,
      long milliseconds,
      Instant at)
      implements VerificationEvent {
    @Override
    public String type() {
      return "audit.log-verified.v1";
    }

    State state() {
      return new State(intact, at);
    }
  }
}
