package io.vigie.console.page;

/** The realm's roles that pages ask for. */
public final class Roles {

  public static final String STAFF = "staff";
  public static final String CISO = "ciso";
  public static final String AUDITOR = "auditor";
  public static final String SYSADMIN = "sysadmin";

  /** Of auditors from outside, whom audit-service alone knows. */
  public static final String THIRD_PARTY_AUDITOR = "third-party-auditor";

  private Roles() {}
}
