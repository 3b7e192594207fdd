package io.vigie.access.review;

import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import jakarta.persistence.AttributeConverter;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.access.entitlement.EntitlementType;
import io.vigie.access.entitlement.Ground;
import io.vigie.access.entitlement.Sensitivity;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * Which rights a campaign is about: those that fit every list that is not empty; all where every
 * one is. Badges and keys of the premises are in it by {@code types} (R6.3). Accounts of programs
 * and accesses to clients' data are in it by {@code sites} and {@code profiles} of who answers for
 * them, or has them, where every other list is empty.
 *
 * @param sites where their holders work
 * @param profiles that their holders have now
 * @param entitlements by id
 */
@Schema(name = "CampaignScope")
public record Scope(
    @Size(max = 200) List<@NotNull UUID> sites,
    @Size(max = 200) List<@NotNull UUID> profiles,
    @Size(max = 200) List<@NotNull UUID> assets,
    @Size(max = 200) List<@NotNull UUID> entitlements,
    @Size(max = 8) List<@NotNull EntitlementType> types,
    @Size(max = 3) List<@NotNull Sensitivity> sensitivities,
    @Size(max = 3) List<@NotNull Ground> grounds) {

  static final Scope ALL = new Scope(null, null, null, null, null, null, null);

  public Scope {
    sites = orNone(sites);
    profiles = orNone(profiles);
    assets = orNone(assets);
    entitlements = orNone(entitlements);
    types = orNone(types);
    sensitivities = orNone(sensitivities);
    grounds = orNone(grounds);
  }

  /** Nulls in them are left for validation to find. */
  private static <T> List<T> orNone(List<T> list) {
    return list == null ? List.of() : list;
  }

  /** Whether more than rights can be in it: no list asks for what only rights have. */
  boolean hasOthers() {
    return Stream.of(assets, entitlements, types, sensitivities, grounds).allMatch(List::isEmpty);
  }

  static String[] texts(Collection<?> values) {
    return values.stream().map(Object::toString).toArray(String[]::new);
  }

  /** As it stands in its column. */
  static class Text implements AttributeConverter<Scope, String> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Override
    public String convertToDatabaseColumn(Scope scope) {
      try {
        return JSON.writeValueAsString(scope);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Scope convertToEntityAttribute(String text) {
      try {
        return JSON.readValue(text, Scope.class);
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("the stored scope of a campaign cannot be read", e);
      }
    }
  }
}
