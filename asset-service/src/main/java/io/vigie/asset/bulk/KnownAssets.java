package io.vigie.asset.bulk;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import io.vigie.asset.inventory.Asset;
import io.vigie.asset.inventory.AssetState;
import io.vigie.asset.inventory.Details;
import io.vigie.kernel.Problem.FieldError;

/** The assets that the rows of one table are about: by tag, else by kind and serial number. */
final class KnownAssets {

  private static final int LOOKED_UP_AT_ONCE = 500;

  /** What these were called may be the name of another thing. */
  private static final List<AssetState> GONE = List.of(AssetState.DISPOSED, AssetState.REJECTED);

  private record Identity(String kind, String serialNumber, String tag) {
    static Identity serial(String kind, String number) {
      return new Identity(kind, number, null);
    }

    static Identity tag(String tag) {
      return new Identity(null, null, tag);
    }
  }

  private final Map<Identity, Asset> known = new HashMap<>();
  private final Set<Identity> seen = new HashSet<>();

  private KnownAssets() {}

  static Uni<KnownAssets> of(List<Map<String, String>> table) {
    Set<String> tags = new LinkedHashSet<>();
    Set<String> serials = new LinkedHashSet<>();
    for (Map<String, String> row : table) {
      tags.add(row.getOrDefault("assetTag", ""));
      serials.add(row.getOrDefault("serialNumber", ""));
    }
    KnownAssets found = new KnownAssets();
    return found
        .lookUp("details.assetTag", tags)
        .chain(() -> found.lookUp("details.serialNumber", serials))
        .replaceWith(found);
  }

  private Uni<Void> lookUp(String field, Set<String> values) {
    values.remove("");
    return Multi.createFrom()
        .iterable(values)
        .group()
        .intoLists()
        .of(LOOKED_UP_AT_ONCE)
        .onItem()
        .transformToUniAndConcatenate(
            some ->
                Asset.<Asset>list(field + " in ?1 and state not in ?2", some, GONE)
                    .invoke(assets -> assets.forEach(this::identify)))
        .collect()
        .last()
        .replaceWithVoid();
  }

  private void identify(Asset asset) {
    Details details = asset.details();
    if (details.serialNumber() != null) {
      known.put(Identity.serial(details.kind(), details.serialNumber()), asset);
    }
    if (details.assetTag() != null) {
      known.put(Identity.tag(details.assetTag()), asset);
    }
  }

  /**
   * The asset that the row is about; null for a new one.
   *
   * @param errors gets those of a row that means the same asset as one before
   */
  Asset of(Map<String, String> row, List<FieldError> errors) {
    Identity tag = Identity.tag(row.getOrDefault("assetTag", ""));
    Identity serial = Identity.serial(row.get("kind"), row.getOrDefault("serialNumber", ""));
    if (!tag.tag().isEmpty() && !seen.add(tag)) {
      errors.add(new FieldError("assetTag", "stands in another row, too"));
    }
    if (!serial.serialNumber().isEmpty() && !seen.add(serial)) {
      errors.add(new FieldError("serialNumber", "stands in another row, too"));
    }
    return known.getOrDefault(tag, known.get(serial));
  }
}
