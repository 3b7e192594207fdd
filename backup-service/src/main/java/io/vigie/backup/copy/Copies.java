package io.vigie.backup.copy;

import java.util.List;
import java.util.Objects;

/**
 * The copies of an asset that count, counted as the rule 3-2-1-1-0 counts them.
 *
 * @param copies with the data itself, which is one
 * @param media different media that backup copies are on
 * @param offSite copies in another datacenter than the asset; one whose place, or that of the
 *     asset, is unknown is none
 * @param offlineOrImmutable copies out of reach of whoever took over the backup server
 * @param tapeOffSite those on tape among the ones off site (R11.8)
 * @param dedicated copies that are kept by a server that serves nothing else
 */
public record Copies(
    int copies, int media, int offSite, int offlineOrImmutable, int tapeOffSite, int dedicated) {

  public static Copies of(List<PlacedCopy> all) {
    List<PlacedCopy> copies = all.stream().filter(PlacedCopy::counts).toList();
    List<PlacedCopy> offSite = copies.stream().filter(PlacedCopy::offSite).toList();
    return new Copies(
        1 + copies.size(),
        (int)
            copies.stream()
                .map(PlacedCopy::copy)
                .filter(Objects::nonNull)
                .map(Copy::medium)
                .distinct()
                .count(),
        offSite.size(),
        (int) copies.stream().filter(PlacedCopy::isProtected).count(),
        (int) offSite.stream().filter(copy -> copy.isOn(Medium.TAPE)).count(),
        (int) copies.stream().filter(PlacedCopy::dedicated).count());
  }
}
