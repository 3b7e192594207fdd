package io.vigie.asset.software;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

import io.vigie.kernel.DomainEvent;

/** What happens to bills of materials. */
public sealed interface BomEvent extends DomainEvent {

  /**
   * A bill replaced the one before it.
   *
   * @param digest SHA-256 of the document, in hexadecimal
   * @param changed how many packages are there in another version; they count neither as added nor
   *     as removed
   * @param sample the first package URLs that are new, {@value BomChange#SAMPLE} at most
   */
  record Taken(
      UUID aggregateId,
      UUID asset,
      String digest,
      int components,
      int withoutPurl,
      int added,
      int removed,
      int changed,
      List<String> sample,
      Instant at)
      implements BomEvent {
    @Override
    public String type() {
      return "bom.taken.v1";
    }
  }
}
