package io.vigie.audit.control;

import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * That an event changed what is kept of an object.
 *
 * @param before null where nothing was kept
 */
record Change(String kind, UUID id, JsonNode before, JsonNode after, UUID event) {

  /** The objects that a member named before or names after, by its id or as {@code <kind>/<id>}. */
  Stream<UUID> named(String member) {
    return states()
        .filter(state -> state.path(member).isTextual())
        .map(state -> state.path(member).textValue())
        .flatMap(name -> ObjectStates.id(name.substring(name.indexOf('/') + 1)).stream());
  }

  /** What was kept, if anything was, and what is kept now. */
  Stream<JsonNode> states() {
    return Stream.of(before, after).filter(Objects::nonNull);
  }
}
