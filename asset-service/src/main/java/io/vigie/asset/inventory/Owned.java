package io.vigie.asset.inventory;

import java.util.UUID;

import io.smallrye.mutiny.Uni;

/** Things beside assets that people answer for. */
public interface Owned {

  /**
   * Somebody left: asks for another owner of each thing that they own and that has not asked for
   * one, in the transaction that records the departure.
   */
  Uni<Void> reassign(UUID leaver, Reassignment request);
}
