package io.vigie.console.mine;

import org.jboss.resteasy.reactive.ClientWebApplicationException;
import org.jboss.resteasy.reactive.RestResponse;

/** What services answer to what somebody says for themself. */
final class Receipts {

  private Receipts() {}

  /** The event that the answer tells of, as a part of a query; empty where it tells of none. */
  static String query(RestResponse<?> answer) {
    String receipt = answer.getHeaderString("Vigie-Receipt");
    return receipt == null ? "" : "&receipt=" + receipt.replaceAll(".*/", "");
  }

  /** Whether the rules do not allow it as things stand: what was shown is no more so. */
  static boolean isRuledOut(Throwable failure) {
    return failure instanceof ClientWebApplicationException refusal
        && (refusal.getResponse().getStatus() == 409 || refusal.getResponse().getStatus() == 422);
  }
}
