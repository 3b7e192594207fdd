package io.vigie.incident.alert;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** How bad it is, as the policy ranks what sources say; the worst first. */
@Schema(name = "AlertSeverity")
public enum Severity {
  CRITICAL,
  WARNING,
  INFO
}
