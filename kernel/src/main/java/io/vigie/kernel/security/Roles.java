package io.vigie.kernel.security;

/** The realm's roles. Everyone who works here has {@link #STAFF}; tools have {@link #TOOL}. */
public final class Roles {

  public static final String STAFF = "staff";
  public static final String ASSET_MANAGER = "asset-manager";
  public static final String ACCESS_MANAGER = "access-manager";
  public static final String RESPONDER = "responder";
  public static final String SYSADMIN = "sysadmin";
  public static final String CISO = "ciso";
  public static final String AUDITOR = "auditor";
  public static final String TOOL = "internal-tool";

  /** The HR software, which brings tables of people and of attendances, and is no other tool. */
  public static final String HR_IMPORT = "hr-import";

  /** An auditor from outside, who is not staff: reads what an open audit that names them covers. */
  public static final String THIRD_PARTY_AUDITOR = "third-party-auditor";

  private Roles() {}
}
