package io.vigie.access.review;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** Answers about one item or many, which are taken together or not at all. */
@Schema(name = "ReviewDecisions")
public record DecisionSheet(@NotEmpty @Size(max = 200) List<@NotNull @Valid Line> decisions) {

  /**
   * One answer.
   *
   * @param item the id of the item
   * @param version of the item as it was read
   * @param reason has to be there where something sensitive or privileged is kept
   * @param until the earlier end, of a reduction
   * @param delegate the person who is to say, of a delegation
   */
  @Schema(name = "ReviewDecisionLine")
  public record Line(
      @NotNull UUID item,
      @NotNull Long version,
      @NotNull Verdict decision,
      @Size(min = 1, max = 2_000) String reason,
      Instant until,
      UUID delegate) {}
}
