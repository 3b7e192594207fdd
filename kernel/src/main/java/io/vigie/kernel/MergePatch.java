package io.vigie.kernel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON merge patches (RFC 7396) between public states, which hold no nulls of their own. */
public final class MergePatch {

  private MergePatch() {}

  /**
   * The patch that turns {@code before} into {@code after}: {@code apply(before, diff(before,
   * after))} equals {@code after} as long as neither holds a null. Arrays are replaced whole.
   */
  public static ObjectNode diff(JsonNode before, JsonNode after) {
    ObjectNode patch = JsonNodeFactory.instance.objectNode();
    before
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!after.has(name)) {
                patch.putNull(name);
              }
            });
    after
        .properties()
        .forEach(
            field -> {
              JsonNode old = before.get(field.getKey());
              JsonNode now = field.getValue();
              if (old == null || old.isObject() != now.isObject()) {
                patch.set(field.getKey(), now);
              } else if (!old.equals(now)) {
                patch.set(field.getKey(), now.isObject() ? diff(old, now) : now);
              }
            });
    return patch;
  }

  /** {@code target} with {@code patch} applied, as RFC 7396 section 2 defines it. */
  public static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!patch.isObject()) {
      return patch;
    }
    ObjectNode result =
        target != null && target.isObject()
            ? target.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    patch
        .properties()
        .forEach(
            field -> {
              if (field.getValue().isNull()) {
                result.remove(field.getKey());
              } else {
                result.set(field.getKey(), apply(result.get(field.getKey()), field.getValue()));
              }
            });
    return result;
  }
}
