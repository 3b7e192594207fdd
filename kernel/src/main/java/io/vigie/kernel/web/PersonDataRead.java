package io.vigie.kernel.web;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/**
 * Somebody read what the service holds of {@code person}, a page of it.
 *
 * @param accounts what was asked for beside the person, as theirs: whose they are is not known here
 */
record PersonDataRead(UUID aggregateId, UUID person, List<UUID> accounts, Instant at)
    implements DomainEvent {
  @Override
  public String type() {
    return "person-data.read.v1";
  }
}
