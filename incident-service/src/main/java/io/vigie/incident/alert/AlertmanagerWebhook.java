package io.vigie.incident.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.PositiveOrZero;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * What Alertmanager of Prometheus sends to a webhook, version 4, as far as it is used here. One
 * webhook has a group of alerts; those that it was told of before are in it again.
 *
 * @param receiver whose configuration it follows from
 * @param truncatedAlerts how many of the group it leaves out, since its receiver has {@code
 *     max_alerts}; null is none
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(name = "AlertmanagerWebhook")
record AlertmanagerWebhook(
    @NotNull @Pattern(regexp = "4") String version,
    String receiver,
    @PositiveOrZero Long truncatedAlerts,
    @NotNull @Size(max = MOST) List<@NotNull @Valid Item> alerts) {

  static final int MOST = 10_000;

  private static final String SOURCE = "alertmanager";

  /** The alert that others were left out, of each receiver. */
  static final String TRUNCATED = "AlertsTruncated";

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

  /**
   * What it tells, and where it left alerts out, that it did: any of them may be a critical one.
   * What it left out may be over in the next webhook or never be told of, so a person has to look.
   */
  List<Signal> signals(AlertPolicy policy) {
    Stream<Signal> told = alerts.stream().map(alert -> alert.signal(policy));
    boolean isWhole = truncatedAlerts == null || truncatedAlerts == 0;
    return (isWhole ? told : Stream.concat(told, Stream.of(truncated()))).toList();
  }

  private Signal truncated() {
    TreeMap<String, String> labels = new TreeMap<>();
    labels.put(Signal.RULE, TRUNCATED);
    if (receiver != null) {
      labels.put("receiver", receiver);
    }
    return new Signal(
        SOURCE,
        TRUNCATED,
        Severity.CRITICAL,
        labels,
        "Alertmanager left " + truncatedAlerts + " alerts out of a webhook",
        "Nobody is told of them here. Look at Alertmanager, let its receiver have more max_alerts,"
            + " and resolve this.",
        true,
        null);
  }
}
