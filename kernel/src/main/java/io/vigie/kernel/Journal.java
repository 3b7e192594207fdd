package io.vigie.kernel;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;

/**
 * How far an aggregate has been published: its event number (gapless from 1, +1 per event) and the
 * public state as of that event. Both live in the aggregate's row, so that its version lock guards
 * them too: two commands can never take the same number.
 */
@Embeddable
public class Journal {

  @Column(name = "event_number", nullable = false)
  private long eventNumber;

  @Column(name = "published_state", nullable = false)
  private String publishedState = "{}";

  public long eventNumber() {
    return eventNumber;
  }

  public String publishedState() {
    return publishedState;
  }

  /** Takes the next number for an event after which {@code state} (JSON) is the public state. */
  public long next(String state) {
    publishedState = state;
    return ++eventNumber;
  }
}
