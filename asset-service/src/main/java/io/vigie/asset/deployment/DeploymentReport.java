package io.vigie.asset.deployment;

import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PastOrPresent;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import io.vigie.kernel.Problem;

import static io.vigie.kernel.Problem.unprocessable;

/**
 * What a CI job says of one deployment; it never changes. Addresses carry no credentials.
 *
 * @param asset the application, or what else software is deployed to
 * @param release its version
 * @param commit SHA-1 or SHA-256 of the commit, in hexadecimal
 * @param author the subject of who wrote the change
 * @param reviewer the subject of who reviewed it before, or null in an emergency
 * @param emergency why it could not wait for a review; null where there was one
 * @param runUrl of the pipeline's run; a run deploys an asset to an environment once
 */
@Embeddable
public record DeploymentReport(
    @NotNull UUID asset,
    @NotBlank @Size(max = 100) String release,
    @NotNull
        @Pattern(regexp = "[a-z][a-z0-9-]{0,49}", message = "must be a name such as production")
        String environment,
    @NotNull
        @Pattern(
            regexp = "[0-9a-f]{40}|[0-9a-f]{64}",
            message = "must be 40 or 64 lower-case hexadecimal digits")
        @Column(name = "commit_id")
        String commit,
    @NotNull @Size(max = 1_000) @Pattern(regexp = URL, message = NO_URL) String repository,
    @NotNull UUID author,
    UUID reviewer,
    @Size(min = 1, max = 2_000) String emergency,
    @NotBlank @Size(max = 200) String pipeline,
    @NotNull @Size(max = 1_000) @Pattern(regexp = URL, message = NO_URL) @Column(name = "run_url")
        String runUrl,
    @NotNull @PastOrPresent @Column(name = "deployed_at") Instant deployedAt) {

  static final String URL = "https?://[^\\s/?#@]+(/[^\\s?#@]*)?";
  static final String NO_URL = "must be an http or https address without credentials or query";

  /**
   * R11.16: a second person reviewed it, or it is an emergency that says why.
   *
   * @throws Problem 422, naming the rule and what it takes
   */
  void requireReview() {
    if (reviewer == null && emergency == null) {
      throw unprocessable(
          "review-missing",
          "R11.16: a second person reviews code before it is deployed. Name the reviewer, or say"
              + " under emergency why it could not wait; it must then be reviewed in time.");
    }
    if (reviewer != null && emergency != null) {
      throw unprocessable("review-unclear", "R11.16: name the reviewer or an emergency, not both.");
    }
    requireOther(reviewer == null ? null : reviewer.toString());
  }

  /** The subjects that it names: one or two. */
  Stream<UUID> people() {
    return Stream.of(author, reviewer).filter(Objects::nonNull);
  }

  /** Fails with 422 where the author reviews. */
  void requireOther(String reviewing) {
    if (author.toString().equals(reviewing)) {
      throw unprocessable(
          "self-review",
          "R11.16: code is reviewed by somebody else than its author. Have a second person review"
              + " it.");
    }
  }
}
