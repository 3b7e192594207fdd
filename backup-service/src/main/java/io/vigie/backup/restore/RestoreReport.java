package io.vigie.backup.restore;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import io.smallrye.mutiny.Uni;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What a tool says of a restore that it tested beside the repository, whose secrets stay there.
 *
 * @param run that made the copy; or else {@code snapshot}
 * @param snapshot what the tool calls the copy, as the run's report named it
 * @param depth how much was tested
 * @param startedAt when the restore began
 * @param endedAt when what was restored was validated, or when it failed
 * @param sampled how many files were compared with the manifest; at least one where a test from L1
 *     on passed
 * @param differences how many of them were missing, unreadable or others than they were
 * @param message the tool's own words; never published, for nobody knows what they hold
 */
@Schema(name = "RestoreReport")
record RestoreReport(
    UUID run,
    @Size(min = 1, max = 200) String snapshot,
    @NotNull Depth depth,
    @NotNull TestOutcome outcome,
    @NotNull Instant startedAt,
    @NotNull Instant endedAt,
    @Min(0) Integer sampled,
    @Min(0) Integer differences,
    @Size(min = 1, max = 4_000) String message) {

  RestoreTest.Result result() {
    return new RestoreTest.Result(outcome, endedAt, sampled, differences);
  }

  /**
   * Whether it is about the copy that this run made, be it kept or not; fails with 400 where it
   * says of none.
   */
  Uni<Boolean> isOf(UUID made) {
    requireOneName();
    return run == null
        ? TestedCopy.isCalled(made, snapshot)
        : Uni.createFrom().item(run.equals(made));
  }

  /** The plan's copy that it is about; fails with 400 or 422 where it says of none. */
  Uni<TestedCopy> copy(UUID plan) {
    requireOneName();
    return run == null
        ? TestedCopy.of(plan, snapshot)
        : TestedCopy.of(run)
            .invoke(
                copy -> {
                  if (!copy.plan().equals(plan)) {
                    throw Problem.invalid(
                        List.of(new FieldError("run", "must be one of this plan")));
                  }
                });
  }

  private void requireOneName() {
    if ((run == null) == (snapshot == null)) {
      throw Problem.invalid(
          List.of(new FieldError("snapshot", "or run must say which copy was restored")));
    }
  }
}
