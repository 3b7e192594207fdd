package io.vigie.access.entitlement;

import java.util.List;
import java.util.UUID;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Whoever knows which rights nobody may have together (R4.6). */
public interface Duties {

  /**
   * A rule that somebody would break with a right.
   *
   * @param enforced whether the rule refuses it; otherwise it is told and recorded
   * @param others the entitlements that they have already, and that it must not come to
   * @param exception the conflict that the CISO accepts, which lets it pass; null where there is
   *     none
   */
  @Schema(name = "RightDutyConflict")
  record Breach(UUID rule, String name, boolean enforced, List<UUID> others, UUID exception) {

    private void requireExcepted() {
      if (enforced && exception == null) {
        throw Problem.unprocessable(
            "duty-conflict",
            "The rule \"%s\" (%s) keeps this apart from %s, which this person has. Have that taken first, or have the CISO grant an exception."
                .formatted(name, rule, others));
      }
    }
  }

  /** The rules that a person would break by an entitlement, with what they have now. */
  Uni<List<Breach>> breaches(UUID person, UUID entitlement);

  /** Has the right say what it would break. */
  default Uni<Void> tell(Right right) {
    return breaches(right.person(), right.entitlementId()).invoke(right::note).replaceWithVoid();
  }

  /** The same; fails with 422 {@code duty-conflict} where a rule refuses it. */
  default Uni<Void> check(Right right) {
    return tell(right).invoke(() -> right.breaches().forEach(Breach::requireExcepted));
  }
}
