package io.vigie.chaos;

import java.util.List;

/** Several journeys, one after the other: one client's work. */
final class Turns implements Journey {

  private final List<Journey> journeys;
  private int next;

  /**
   * @param first which one begins, from 0
   */
  Turns(List<Journey> journeys, int first) {
    this.journeys = journeys;
    this.next = first;
  }

  @Override
  public void walk(Client client) throws Client.GaveUp {
    journeys.get(next++ % journeys.size()).walk(client);
  }
}
