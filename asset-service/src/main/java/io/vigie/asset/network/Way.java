package io.vigie.asset.network;

import java.util.UUID;

/**
 * From where to where something goes, told by zones.
 *
 * @param toAsset whose address it is; null where no asset has it
 */
record Way(UUID fromZone, UUID toZone, UUID toAsset, Flow.Protocol protocol) {

  /** The same to whatever is in the zone. */
  Way toTheZone() {
    return new Way(fromZone, toZone, null, protocol);
  }
}
