package io.vigie.audit.control;

import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * That an event changed what is kept of an object.
 *
 * @param before null where nothing was kept
 */
record Change(String kind, UUID id, JsonNode before, JsonNode after, UUID event) {

  /** The objects that a member named before or names after. */
  Stream<UUID> named(String member) {
    return Stream.of(before, after)
        .filter(state -> state != null && state.path(member).isTextual())
        .flatMap(state -> ObjectStates.id(state.path(member).textValue()).stream());
  }
}
