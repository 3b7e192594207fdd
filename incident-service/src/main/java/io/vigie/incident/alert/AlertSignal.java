package io.vigie.incident.alert;

import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A signal in the form that is our own, for scripts and tools that have none.
 *
 * @param source who says it, a term
 * @param rule what found it, a term; kept as the label {@code alertname}
 * @param status FIRING where there is none
 * @param severity kept as a label; where there is none, the label {@code severity} has it
 * @param labels what tells this alert from others of the rule, such as the machine
 * @param asset kept as a label
 * @param startsAt since when it is so; now where there is none
 */
@Schema(name = "AlertSignal")
record AlertSignal(
    @NotNull @Pattern(regexp = Signal.TERM) String source,
    @NotNull @Pattern(regexp = Signal.TERM) String rule,
    Status status,
    Severity severity,
    @Size(max = Signal.LABELS - 3)
        Map<@Size(min = 1, max = Signal.NAME) String, @NotNull @Size(max = Signal.VALUE) String>
            labels,
    @Size(max = Signal.SUMMARY) String summary,
    @Size(max = Signal.DESCRIPTION) String description,
    UUID asset,
    Instant startsAt) {

  /** What a signal says of its alert. */
  @Schema(name = "AlertSignalStatus")
  enum Status {
    FIRING,
    RESOLVED
  }

  Signal signal(AlertPolicy policy) {
    TreeMap<String, String> all = labels == null ? new TreeMap<>() : new TreeMap<>(labels);
    all.put(Signal.RULE, rule);
    if (severity != null) {
      all.put(Signal.SEVERITY, severity.name().toLowerCase(Locale.ROOT));
    }
    if (asset != null) {
      all.put(Signal.ASSET, asset.toString());
    }
    return new Signal(
        source,
        rule,
        severity == null ? policy.severity(all.get(Signal.SEVERITY)) : severity,
        all,
        summary,
        description,
        status != Status.RESOLVED,
        startsAt);
  }
}
