package io.vigie.incident;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * How long an incident was in a state.
 *
 * @param until when it left it; null while it is there
 * @param seconds until then, or until now
 */
@Schema(name = "IncidentTimeInState")
record TimeInState(IncidentState state, Instant since, Instant until, long seconds) {

  /** A state and when it was reached. */
  record Reached(IncidentState state, Instant at) {}

  /** Of each state that was reached, in that order; of the end none: an incident stays closed. */
  static List<TimeInState> of(List<Reached> reached, Instant now) {
    List<TimeInState> times = new ArrayList<>();
    for (int i = 0; i < reached.size(); i++) {
      Reached one = reached.get(i);
      Instant until = i + 1 < reached.size() ? reached.get(i + 1).at() : null;
      if (until != null || one.state() != IncidentState.CLOSED) {
        times.add(
            new TimeInState(
                one.state(),
                one.at(),
                until,
                Duration.between(one.at(), until == null ? now : until).toSeconds()));
      }
    }
    return times;
  }
}
