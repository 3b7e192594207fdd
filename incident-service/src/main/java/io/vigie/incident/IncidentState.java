package io.vigie.incident;

import java.util.Arrays;
import java.util.Set;

import io.vigie.kernel.Problem;

/** Where an incident is between detection and closure, and which step brings it there. */
public enum IncidentState {
  DETECTED(null),
  TRIAGED("triage"),
  INVESTIGATING("investigation"),
  CONTAINED("containment"),
  ERADICATED("eradication"),
  RECOVERED("recovery"),
  IN_REVIEW("review"),
  CLOSED("closure");

  private final String step;

  IncidentState(String step) {
    this.step = step;
  }

  /** The table of the state machine: no step is skipped and none is taken back. */
  Set<IncidentState> successors() {
    return switch (this) {
      case DETECTED -> Set.of(TRIAGED);
      case TRIAGED -> Set.of(INVESTIGATING);
      case INVESTIGATING -> Set.of(CONTAINED);
      case CONTAINED -> Set.of(ERADICATED);
      case ERADICATED -> Set.of(RECOVERED);
      case RECOVERED -> Set.of(IN_REVIEW);
      case IN_REVIEW -> Set.of(CLOSED);
      case CLOSED -> Set.of();
    };
  }

  /** The step's name in paths; null for the state in which an incident begins. */
  String step() {
    return step;
  }

  /**
   * The state that a step leads to.
   *
   * @throws Problem 404 when there is no such step
   */
  static IncidentState reachedBy(String step) {
    return Arrays.stream(values())
        .filter(state -> step.equals(state.step))
        .findFirst()
        .orElseThrow(() -> Problem.notFound("No step has this name. See the API description."));
  }
}
