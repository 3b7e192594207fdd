package io.vigie.backup.plan;

import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vigie.kernel.MergePatch;

/**
 * What is known here of an asset, under the names of asset-service. What nobody told is null.
 *
 * @param classification its own levels
 * @param inherited the levels that what depends on it asks for
 * @param client whom it serves; null for the agency itself
 * @param dependsOn the assets without which it cannot be
 */
public record AssetFacts(
    String kind,
    boolean production,
    String state,
    UUID site,
    Levels classification,
    Levels inherited,
    UUID client,
    Attributes attributes,
    Set<UUID> dependsOn) {

  /** The four axes, each from 1 to 4. */
  public record Levels(int availability, int integrity, int confidentiality, int proof) {
    private static final Levels NONE = new Levels(0, 0, 0, 0);
  }

  /** Sizes, of a machine's storage or a set of data, in GiB. */
  public record Attributes(Long storageGiB, Long volumeGiB) {}

  /** Of an asset of which nothing was told yet. */
  static final AssetFacts NOTHING =
      new AssetFacts(null, false, null, null, null, null, null, null, null);

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  /**
   * What is known after an event.
   *
   * @param changes the event's merge patch of the public state, or that state for {@link #NOTHING}
   * @throws IllegalArgumentException when they are no state of an asset
   */
  AssetFacts patched(JsonNode changes) {
    try {
      return JSON.treeToValue(MergePatch.apply(JSON.valueToTree(this), changes), AssetFacts.class);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no state of an asset", e);
    }
  }

  String text() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static AssetFacts of(String text) {
    try {
      return JSON.readValue(text, AssetFacts.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("stored facts cannot be read", e);
    }
  }

  boolean isInService() {
    return "IN_SERVICE".equals(state);
  }

  /** Whether it is not known to be lost or out of use. */
  @JsonIgnore
  public boolean isAtHand() {
    return isAtHand(state);
  }

  /** What it needs as long as it is at hand. */
  Set<UUID> leansOn() {
    return dependsOn == null || !isAtHand() ? Set.of() : dependsOn;
  }

  /** Whether what is on it can be counted on: it is not known to be lost or out of use. */
  static boolean isAtHand(String state) {
    return state == null || state.startsWith("IN_") || state.equals("ORDERED");
  }

  /** On each axis the higher of its own level and what it inherited; 0 where neither is known. */
  public Levels levels() {
    Levels own = classification == null ? Levels.NONE : classification;
    Levels other = inherited == null ? Levels.NONE : inherited;
    return new Levels(
        Math.max(own.availability, other.availability),
        Math.max(own.integrity, other.integrity),
        Math.max(own.confidentiality, other.confidentiality),
        Math.max(own.proof, other.proof));
  }

  /** In GiB; null where nobody knows. */
  Long volume() {
    if (attributes == null) {
      return null;
    }
    return attributes.volumeGiB != null ? attributes.volumeGiB : attributes.storageGiB;
  }
}
