package io.vigie.asset.discovery;

import java.util.List;
import java.util.Map;

import io.vigie.asset.posture.Facts;

/**
 * What a tool says of one machine.
 *
 * @param partial whether what it does not mention is as it was
 * @param tag what stands on its label
 * @param attributes by the names that kinds have them under; those of other kinds count for nothing
 * @param software that came and went, in this order, since what is known
 * @param facts of the machine's protection, as of the inventory's time
 */
record Report(
    boolean partial,
    String name,
    String kind,
    String serialNumber,
    String machineId,
    String tag,
    String make,
    String model,
    Map<String, Object> attributes,
    Inventory inventory,
    List<SoftwareChange> software,
    Facts facts) {

  /** The same without what is another machine's. */
  Report without(boolean machineId, boolean tag) {
    return new Report(
        partial,
        name,
        kind,
        serialNumber,
        machineId ? null : this.machineId,
        tag ? null : this.tag,
        make,
        model,
        attributes,
        inventory,
        software,
        facts);
  }
}
