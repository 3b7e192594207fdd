package io.vigie.access.approval;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What somebody approves as. */
@Schema(name = "Approver")
public enum Approver {
  /** The manager or the host of who receives it. */
  MANAGER,
  /** Who answers for what is asked for. */
  OWNER,
  CISO,
  ACCESS_MANAGER
}
