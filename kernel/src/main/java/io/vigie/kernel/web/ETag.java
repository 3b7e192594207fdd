package io.vigie.kernel.web;

import io.vigie.kernel.Problem;

/** Entity tags from version numbers, and {@code If-Match} (RFC 9110 section 13.1.1). */
public final class ETag {

  private ETag() {}

  public static String of(long version) {
    return "\"" + version + "\"";
  }

  /**
   * Holds when {@code ifMatch} names {@code version}, or is {@code *}. Weak tags never match.
   *
   * @throws Problem 428 when it is missing, 412 when it names other versions only
   */
  public static void require(String ifMatch, long version) {
    if (ifMatch == null || ifMatch.isBlank()) {
      throw Problem.preconditionRequired();
    }
    for (String tag : ifMatch.split(",")) {
      if (tag.trim().equals("*") || tag.trim().equals(of(version))) {
        return;
      }
    }
    throw Problem.stale();
  }
}
