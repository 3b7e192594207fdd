package io.vigie.incident.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What Alertmanager of Prometheus sends to a webhook, version 4, as far as it is used here. One
 * webhook has a group of alerts; those that it was told of before are in it again.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(name = "AlertmanagerWebhook")
record AlertmanagerWebhook(
    @NotNull @Pattern(regexp = "4") String version,
    @NotNull @Size(max = MOST) List<@NotNull @Valid Item> alerts) {

  static final int MOST = 10_000;

  private static final String SOURCE = "alertmanager";

  @JsonIgnoreProperties(ignoreUnknown = true)
  @Schema(name = "AlertmanagerAlert")
  record Item(
      @NotNull @Pattern(regexp = "firing|resolved") String status,
      @NotNull @Size(max = 1_000) Map<String, @NotNull String> labels,
      @Size(max = 1_000) Map<String, String> annotations,
      Instant startsAt) {

    private Signal signal(AlertPolicy policy) {
      Map<String, String> texts = annotations == null ? Map.of() : annotations;
      return new Signal(
          SOURCE,
          Signal.term(labels.get(Signal.RULE)),
          policy.severity(labels.get(Signal.SEVERITY)),
          new TreeMap<>(labels),
          texts.get("summary"),
          texts.get("description"),
          status.equals("firing"),
          startsAt);
    }
  }

  List<Signal> signals(AlertPolicy policy) {
    return alerts.stream().map(alert -> alert.signal(policy)).toList();
  }
}
