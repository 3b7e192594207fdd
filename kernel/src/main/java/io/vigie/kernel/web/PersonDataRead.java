package io.vigie.kernel.web;

import java.time.Instant;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** Somebody read what the service holds of {@code person}, a page of it. */
record PersonDataRead(UUID aggregateId, UUID person, Instant at) implements DomainEvent {
  @Override
  public String type() {
    return "person-data.read.v1";
  }
}
