package io.vigie.incident;

import java.util.UUID;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What an incident affects, as it was known when it was named.
 *
 * @param kind of the asset or the person, as its service calls it; null where none was published
 * @param name null where none was published, as of clients and people
 */
@Schema(name = "AffectedAsKnown")
record AffectedAsKnown(UUID id, Type type, String kind, String name) {

  @Schema(name = "AffectedType")
  enum Type {
    ASSET,
    CLIENT,
    PERSON
  }
}
