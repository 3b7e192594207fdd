package io.vigie.chaos;

/** What a client does from beginning to end, over and over, each time with objects of its own. */
interface Journey {

  /**
   * One walk through it.
   *
   * @throws Client.GaveUp when a step was refused or its answer did not come
   */
  void walk(Client client) throws Client.GaveUp;
}
