package io.vigie.backup.run;

import java.util.List;

import io.vigie.kernel.PolicyTable;

/**
 * What sizes of copies are usual: {@code contracts/policy/backup-sizes.json}.
 *
 * @param runs how many copies before a run say what is usual
 * @param least how many of them there have to be
 * @param drop below this part of the median a size is odd
 * @param growth above this many times the median a size is odd
 */
record SizeBand(int runs, int least, double drop, double growth) {

  static SizeBand ofPolicy() {
    return PolicyTable.read("backup-sizes", SizeBand.class);
  }

  /**
   * @param bytes of the copy, or null
   * @param before the sizes of the copies before it, in any order
   * @return null where nothing is odd, or too little is known to say
   */
  SizeAnomaly judge(Long bytes, List<Long> before) {
    if (bytes == null || before.size() < least) {
      return null;
    }
    double median = median(before.stream().sorted().toList());
    if (bytes < median * drop) {
      return SizeAnomaly.DROP;
    }
    return bytes > median * growth ? SizeAnomaly.GROWTH : null;
  }

  private static double median(List<Long> sorted) {
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + (double) sorted.get(middle)) / 2;
  }
}
