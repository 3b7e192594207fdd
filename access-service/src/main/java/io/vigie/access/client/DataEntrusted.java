package io.vigie.access.client;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

/**
 * Data of one category that a client entrusts.
 *
 * @param category one of {@code contracts/policy/client-data-categories.json}
 * @param assets where it is kept; each once, in order
 */
public record DataEntrusted(
    @NotNull @Size(max = 40) String category,
    @NotNull @Size(max = 200) List<@NotNull UUID> assets) {

  /** Lists are in one order and without repetition, so that equal ones are stored as equal. */
  public DataEntrusted {
    assets = assets == null || assets.stream().anyMatch(Objects::isNull) ? assets : inOrder(assets);
  }

  static List<UUID> inOrder(List<UUID> assets) {
    return assets.stream().map(UUID::toString).distinct().sorted().map(UUID::fromString).toList();
  }
}
