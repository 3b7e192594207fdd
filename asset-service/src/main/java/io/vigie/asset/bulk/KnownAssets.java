package io.vigie.asset.bulk;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.Details;
import io.vigie.kernel.Problem.FieldError;

/**
 * The assets that the rows of one table are about, by id, else by tag, else by kind and serial
 * number; and what identifies one asset alone, from row to row.
 */
final class KnownAssets {

  private static final int LOOKED_UP_AT_ONCE = 500;

  /** What these were called may be the name of another thing. */
  private static final Set<AssetState> GONE = Set.of(AssetState.DISPOSED, AssetState.REJECTED);

  /**
   * @param column where it stands
   * @param kind within which it is unique; null where it is so among all assets
   */
  private record Identity(String column, String kind, String value) {
    static List<Identity> of(Details details) {
      List<Identity> identities = new ArrayList<>();
      if (details.assetTag() != null) {
        identities.add(tag(details.assetTag()));
      }
      if (details.serialNumber() != null) {
        identities.add(serial(details.kind(), details.serialNumber()));
      }
      if (details.machineId() != null) {
        identities.add(new Identity("machineId", null, details.machineId()));
      }
      return identities;
    }

    static Identity tag(String tag) {
      return new Identity("assetTag", null, tag);
    }

    static Identity serial(String kind, String number) {
      return new Identity("serialNumber", kind, number);
    }
  }

  /**
   * What has an identity.
   *
   * @param asset null for a new one
   * @param row the row that gave it the identity; null where the asset had it before
   */
  private record Holder(UUID asset, Integer row) {}

  private final Map<UUID, Asset> byId = new HashMap<>();
  private final Map<Identity, Asset> known = new HashMap<>();
  private final Map<Identity, Holder> holders = new HashMap<>();
  private final Set<UUID> seen = new HashSet<>();

  private KnownAssets() {}

  static Uni<KnownAssets> of(List<Map<String, String>> table) {
    KnownAssets found = new KnownAssets();
    return found
        .lookUp("id", ids(table))
        .chain(() -> found.lookUp("details.assetTag", values(table, "assetTag")))
        .chain(() -> found.lookUp("details.serialNumber", values(table, "serialNumber")))
        .chain(() -> found.lookUp("details.machineId", machineIds(table)))
        .replaceWith(found);
  }

  private static Set<UUID> ids(List<Map<String, String>> table) {
    return values(table, "id").stream()
        .map(KnownAssets::id)
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> machineIds(List<Map<String, String>> table) {
    return values(table, "machineId").stream()
        .map(Details.MachineId::of)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private static Set<String> values(List<Map<String, String>> table, String column) {
    Set<String> values = new LinkedHashSet<>();
    table.forEach(row -> values.add(cell(row, column)));
    values.remove("");
    return values;
  }

  private static String cell(Map<String, String> row, String column) {
    return row.getOrDefault(column, "").strip();
  }

  /** Null for what is none. */
  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private Uni<Void> lookUp(String field, Set<?> values) {
    return Multi.createFrom()
        .iterable(values)
        .group()
        .intoLists()
        .of(LOOKED_UP_AT_ONCE)
        .onItem()
        .transformToUniAndConcatenate(
            some ->
                Asset.<Asset>list(field + " in ?1", some)
                    .invoke(assets -> assets.forEach(this::identify)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private void identify(Asset asset) {
    byId.put(asset.id(), asset);
    if (!GONE.contains(asset.state().state())) {
      for (Identity identity : Identity.of(asset.details())) {
        known.put(identity, asset);
        holders.put(identity, before(asset));
      }
    }
  }

  /**
   * The asset that the row is about; null for a new one.
   *
   * @param errors gets those of a row that is about no asset that there is, or about the same as
   *     one before
   */
  Asset of(Map<String, String> row, List<FieldError> errors) {
    String id = cell(row, "id");
    Identity tag = Identity.tag(cell(row, "assetTag"));
    Identity serial = Identity.serial(cell(row, "kind"), cell(row, "serialNumber"));
    String column = !id.isEmpty() ? "id" : known.containsKey(tag) ? "assetTag" : "serialNumber";
    Asset asset = !id.isEmpty() ? byId.get(id(id)) : known.getOrDefault(tag, known.get(serial));
    if (asset == null && !id.isEmpty()) {
      errors.add(new FieldError("id", "is no asset's; leave it empty for a new one"));
    }
    if (asset != null && !seen.add(asset.id())) {
      errors.add(new FieldError(column, "stands in another row, too"));
    }
    return asset;
  }

  /**
   * Has the row's asset, from this row on, be the one with the identities that {@code details} say.
   *
   * @param asset null for a new one
   * @param errors gets those of identities that others have
   */
  void claim(int row, Asset asset, Details details, List<FieldError> errors) {
    UUID id = asset == null ? null : asset.id();
    List<Identity> identities = Identity.of(details);
    for (Identity identity : identities) {
      Holder holder = holders.get(identity);
      if (holder != null && (id == null || !id.equals(holder.asset()))) {
        errors.add(
            new FieldError(
                identity.column(),
                holder.row() == null
                    ? "is that of asset/" + holder.asset()
                    : "stands in another row, too"));
      }
    }
    if (errors.isEmpty()) {
      if (asset != null) {
        Identity.of(asset.details()).forEach(old -> holders.remove(old, before(asset)));
      }
      identities.forEach(identity -> holders.put(identity, new Holder(id, row)));
    } else {
      identities.forEach(identity -> holders.putIfAbsent(identity, new Holder(id, row)));
    }
  }

  private static Holder before(Asset asset) {
    return new Holder(asset.id(), null);
  }
}
