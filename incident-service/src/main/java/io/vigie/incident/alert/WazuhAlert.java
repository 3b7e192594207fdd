package io.vigie.incident.alert;

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
        timestamp == null ? null : Signal.time(timestamp));
  }
}
