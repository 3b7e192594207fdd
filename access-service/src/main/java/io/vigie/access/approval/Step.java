package io.vigie.access.approval;

import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** One step of a path: all of these approve, each by somebody else, or any one does. */
@Schema(name = "ApprovalStep")
public record Step(Rule rule, List<Approver> of) {

  /** How many of the approvers it takes. */
  @Schema(name = "ApprovalRule")
  public enum Rule {
    ALL_OF,
    ANY_OF
  }

  public Step {
    of = List.copyOf(of);
  }
}
