package io.vigie.incident.alert;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An alert of Wazuh as its integrator hands it to a script, as far as it is used here. Wazuh says
 * of each event that a rule found it, and never that something is over: the same rule on the same
 * agent is one alert, until somebody resolves it. The line of the log is not taken: it may name
 * people.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(name = "WazuhAlert")
record WazuhAlert(
    @Size(max = 50) String timestamp,
    @NotNull @Valid Rule rule,
    @NotNull @Valid Agent agent,
    @Valid Server manager) {

  private static final String SOURCE = "wazuh";

  /** 2026-03-02T08:40:00.123+0000, which RFC 3339 does not know. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss[.SSS]xx");

  @JsonIgnoreProperties(ignoreUnknown = true)
  @Schema(name = "WazuhRule")
  record Rule(
      @NotBlank @Size(max = 50) String id,
      @NotNull @Min(0) @Max(16) Integer level,
      @Size(max = Signal.DESCRIPTION) String description) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @Schema(name = "WazuhAgent")
  record Agent(@NotBlank @Size(max = 50) String id, @Size(max = 500) String name) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @Schema(name = "WazuhServer")
  record Server(@NotBlank @Size(max = 500) String name) {}

  Signal signal(AlertPolicy policy) {
    Map<String, String> labels = new TreeMap<>();
    labels.put(Signal.RULE, rule.id());
    labels.put("agent", agent.id());
    if (agent.name() != null) {
      labels.put("agentname", agent.name());
    }
    if (manager != null) {
      labels.put("manager", manager.name());
    }
    return new Signal(
        SOURCE,
        Signal.term(rule.id()),
        policy.ofWazuh(rule.level()),
        new TreeMap<>(labels),
        rule.description(),
        null,
        true,
        time());
  }

  /** Null where nobody can read it: an alert is not lost for its time. */
  private Instant time() {
    try {
      return timestamp == null
          ? null
          : OffsetDateTime.parse(timestamp, TIME).toInstant().truncatedTo(ChronoUnit.MICROS);
    } catch (DateTimeException e) {
      return null;
    }
  }
}
