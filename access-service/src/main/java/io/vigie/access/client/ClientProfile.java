package io.vigie.access.client;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * What is known of a client.
 *
 * @param name unique among clients that have not ended, whatever its case
 * @param data each category once
 * @param notificationDelayHours within how many hours from awareness of a breach the contract has
 *     the client told, 1 to 720
 */
public record ClientProfile(
    @NotBlank @Size(max = 200) String name,
    @NotNull @Valid ClientContract contract,
    @NotNull @Size(max = 50) List<@NotNull @Valid DataEntrusted> data,
    @NotNull @Min(1) @Max(720) Integer notificationDelayHours,
    @NotNull @Valid SecurityContact contact) {

  private static final Map<String, Function<ClientProfile, Object>> FIELDS =
      Map.of(
          "name", ClientProfile::name,
          "contract", ClientProfile::contract,
          "data", ClientProfile::data,
          "notificationDelayHours", ClientProfile::notificationDelayHours,
          "contact", ClientProfile::contact);

  /** This profile, or 400 with what the fields' own limits cannot say. */
  ClientProfile requireConsistent() {
    contract.requireConsistent();
    DataCategories.require(data);
    return this;
  }

  /** The names of the fields in which the two differ, in alphabetical order. */
  List<String> differences(ClientProfile other) {
    return FIELDS.entrySet().stream()
        .filter(
            field -> !Objects.equals(field.getValue().apply(this), field.getValue().apply(other)))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Where its data is, each asset once. */
  List<UUID> assets() {
    return DataEntrusted.inOrder(
        data.stream().flatMap(entrusted -> entrusted.assets().stream()).toList());
  }
}
