package io.vigie.audit.control;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vigie.kernel.Sha256;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * A rule of the policy as a query.
 *
 * @param query as it is written in {@code contracts/controls/<rule>.sql}
 * @param digest of everything that its verdicts depend on, as SHA-256
 * @param watch when which objects are judged again
 */
record Control(String query, String digest, Watch watch) {

  @Schema(name = "ControlText")
  record Text(String en, String fr) {}

  /** Objects of a kind whose member names another object. */
  record Naming(String kind, String member) {}

  /**
   * Which objects to judge again when one of this kind changed: itself where nothing else is said.
   *
   * @param names those that this member named before or names after, or null
   * @param namedBy those whose member names it, or null
   * @param every whether all
   */
  record Trigger(String kind, String names, Naming namedBy, boolean every) {}

  /** The file beside the query, {@code <rule>.watch.json}. */
  @JsonIgnoreProperties("$schema")
  record Watch(
      String rule,
      Map<String, Set<String>> reads,
      List<Trigger> watches,
      Map<String, Text> whys,
      Text notApplicable) {}

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a control.
   *
   * @throws IllegalArgumentException when the file beside the query is none
   */
  static Control of(String query, JsonNode watch) {
    return new Control(query, Sha256.hex(query + watch), JSON.convertValue(watch, Watch.class));
  }

  String rule() {
    return watch.rule;
  }

  /** The query with its time as the first parameter of a statement. */
  String sql() {
    return query.replaceAll(":now\\b", "\\$1::timestamptz");
  }

  /** What to judge again after these changes, in their order. */
  Affected affectedBy(Collection<Change> changes) {
    Affected affected = new Affected();
    for (Change change : changes) {
      if (change.kind().equals(ControlException.KIND)) {
        except(affected, change);
      }
      for (Trigger trigger : watch.watches) {
        if (trigger.kind.equals(change.kind())) {
          affected.add(trigger, change);
        }
      }
    }
    return affected;
  }

  /** An exception to the rule means the object that it names, or all if it names none. */
  private void except(Affected affected, Change exception) {
    List<JsonNode> states =
        exception.states().filter(state -> rule().equals(state.path("rule").textValue())).toList();
    if (!states.isEmpty()) {
      boolean every = states.stream().anyMatch(state -> !state.has("object"));
      affected.add(new Trigger(ControlException.KIND, "object", null, every), exception);
    }
  }
}
