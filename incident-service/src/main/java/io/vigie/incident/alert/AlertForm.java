package io.vigie.incident.alert;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.StreamSupport;

import com.fasterxml.jackson.databind.JsonNode;
import io.vigie.kernel.PolicyTable;
import io.vigie.kernel.Problem;
import io.vigie.kernel.Problem.FieldError;

/**
 * How JSON of a foreign form is read, as {@code contracts/policy/alert-forms.json} has it: JSON
 * pointers (RFC 6901) say where each of our fields stands. Only rule and status have to be there.
 *
 * @param alerts where an array of alerts stands that the other pointers begin at; null for one
 * @param firing what the status says where it fires
 * @param resolved what it says where it is over
 * @param ignored what it says where neither is told
 * @param labels by their name; what is not there is no label
 */
record AlertForm(
    String alerts,
    String rule,
    String status,
    List<String> firing,
    List<String> resolved,
    List<String> ignored,
    String severity,
    Map<String, String> labels,
    String summary,
    String description,
    String startsAt) {

  private static final int MOST = AlertmanagerWebhook.MOST;

  private record Table(Map<String, AlertForm> forms) {}

  /** By their names, which are the sources of what they tell. */
  static Map<String, AlertForm> all() {
    return PolicyTable.read("alert-forms", Table.class).forms();
  }

  /**
   * What a document of this form says.
   *
   * @param source the form's name
   * @throws Problem 400 where a rule or a status is not there, or a status is none that is known
   */
  List<Signal> signals(String source, JsonNode document, AlertPolicy policy) {
    JsonNode items = alerts == null ? null : document.at(alerts);
    if (items != null && (!items.isArray() || items.size() > MOST)) {
      throw wrong(alerts, "must be an array of " + MOST + " alerts at most");
    }
    List<JsonNode> all =
        items == null
            ? List.of(document)
            : StreamSupport.stream(items.spliterator(), false).toList();
    List<Signal> signals = new ArrayList<>();
    for (JsonNode alert : all) {
      String told = required(alert, status);
      if (ignored == null || !ignored.contains(told)) {
        signals.add(signal(source, alert, isFiring(told), policy));
      }
    }
    return signals;
  }

  private boolean isFiring(String told) {
    if (firing.contains(told)) {
      return true;
    }
    if (resolved.contains(told)) {
      return false;
    }
    throw wrong(status, "must be one of " + firing + ", " + resolved + ": " + Signal.cut(told, 50));
  }

  private Signal signal(String source, JsonNode alert, boolean isFiring, AlertPolicy policy) {
    String name = required(alert, rule);
    String howBad = text(alert, severity);
    Map<String, String> all = new TreeMap<>();
    if (labels != null) {
      labels.forEach(
          (label, pointer) -> {
            String value = text(alert, pointer);
            if (value != null) {
              all.put(label, value);
            }
          });
    }
    all.put(Signal.RULE, name);
    if (howBad != null) {
      all.put(Signal.SEVERITY, howBad);
    }
    String begin = text(alert, startsAt);
    Instant began = begin == null ? null : Signal.time(begin);
    return new Signal(
        source,
        Signal.term(name),
        policy.severity(howBad),
        new TreeMap<>(all),
        text(alert, summary),
        text(alert, description),
        isFiring,
        began);
  }

  private static String required(JsonNode alert, String pointer) {
    String text = text(alert, pointer);
    if (text == null || text.isBlank()) {
      throw wrong(pointer, "must be a text, a number, or true or false");
    }
    return text;
  }

  /** Null where nothing stands there, or what is no single value. */
  private static String text(JsonNode alert, String pointer) {
    JsonNode value = pointer == null ? null : alert.at(pointer);
    return value == null || !value.isValueNode() || value.isNull() ? null : kept(value.asText());
  }

  /**
   * Without what no database keeps, NUL and surrogates that are no pair: no alert is lost for it.
   */
  private static String kept(String text) {
    return text.codePoints()
        .filter(point -> point != 0 && Character.getType(point) != Character.SURROGATE)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private static Problem wrong(String pointer, String why) {
    return Problem.invalid(List.of(new FieldError(pointer, why)));
  }
}
