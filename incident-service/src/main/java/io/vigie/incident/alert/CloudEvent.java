package io.vigie.incident.alert;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * An event in CloudEvents 1.0, structured JSON (sections 2 and 3 of its JSON format), that says
 * that something is wrong. Which alert it is about is told by its source, type and subject, and by
 * the labels in its data; what else its data has is not looked at.
 */
@JsonIgnoreProperties(ignoreUnknown = true)
@Schema(name = "AlertCloudEvent")
record CloudEvent(
    @NotNull @Pattern(regexp = "1\\.0") String specversion,
    @NotBlank @Size(max = 500) String id,
    @NotBlank @Size(max = 500) String source,
    @NotBlank @Size(max = 500) String type,
    @Size(max = 500) String subject,
    Instant time,
    @Valid Data data) {

  /**
   * @param status FIRING where there is none
   * @param severity a name that the policy ranks
   */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @Schema(name = "AlertCloudEventData")
  record Data(
      AlertSignal.Status status,
      @Size(max = 50) String severity,
      @Size(max = 1_000) Map<String, @NotNull String> labels,
      @Size(max = Signal.DESCRIPTION) String summary,
      @Size(max = Signal.DESCRIPTION) String description) {}

  Signal signal(AlertPolicy policy) {
    TreeMap<String, String> labels = new TreeMap<>();
    if (data != null && data.labels() != null) {
      labels.putAll(data.labels());
    }
    labels.put(Signal.RULE, type);
    labels.put("source", source);
    if (subject != null) {
      labels.put("subject", subject);
    }
    String severity = data == null ? null : data.severity();
    if (severity != null) {
      labels.put(Signal.SEVERITY, severity);
    }
    return new Signal(
        Signal.term(source),
        Signal.term(type),
        policy.severity(labels.get(Signal.SEVERITY)),
        labels,
        data == null ? null : data.summary(),
        data == null ? null : data.description(),
        data == null || data.status() != AlertSignal.Status.RESOLVED,
        time);
  }
}
